package io.bundlet.core.fake;

import io.bundlet.api.objects.Objects;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.Mounted;
import io.bundlet.api.volume.VolumeDriver;
import io.bundlet.api.volume.VolumePlace;
import io.bundlet.api.volume.VolumeRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A driver that does what a test says, and writes down what it was asked: {@code mount:v}, {@code unmount:v}. */
public final class ScriptedVolumes implements VolumeDriver {
  public final List<String> asked = new CopyOnWriteArrayList<>();
  public volatile String failure = "";
  public volatile CountDownLatch holdsUp = new CountDownLatch(0);
  private final Path where;

  public ScriptedVolumes(Path where) {
    this.where = where;
  }

  @Override
  public Mounted mount(VolumeRequest request, Objects objects) throws ProviderFailure {
    ask("mount:" + request.volume().name());
    return new Mounted(request.volume(), where);
  }

  @Override
  public void unmount(VolumePlace place) throws ProviderFailure {
    ask("unmount:" + place.volume().name());
  }

  private void ask(String what) throws ProviderFailure {
    asked.add(what);
    try {
      holdsUp.await();
    } catch (InterruptedException interrupted) {
      throw ProviderFailure.outcomeUnknown(ProviderFailure.UNAVAILABLE, "interrupted", interrupted);
    }
    if (!failure.isEmpty()) {
      throw ProviderFailure.of(ProviderFailure.NOT_FOUND, failure).withReason("FailedMount");
    }
  }
}
