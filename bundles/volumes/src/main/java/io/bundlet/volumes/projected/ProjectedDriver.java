package io.bundlet.volumes.projected;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.VolumeDriver;
import io.bundlet.api.volume.VolumePlace;
import io.bundlet.volumes.content.TokenContent;
import io.bundlet.volumes.written.WrittenVolume;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The driver of volumes with a {@code projected} source. */
@Component(
    service = VolumeDriver.class,
    property = {VolumeDriver.KIND + "=projected", VolumeDriver.PLUGIN + "=kubernetes.io/projected"})
public final class ProjectedDriver extends WrittenVolume {
  private static final long JITTER_MILLIS = 10_000;

  private final TokenContent tokens;

  @Activate
  public ProjectedDriver() {
    this(
        new TokenContent(
            InstantSource.system(), System::nanoTime,
            () -> Duration.ofMillis(ThreadLocalRandom.current().nextLong(JITTER_MILLIS))));
  }

  ProjectedDriver(TokenContent tokens) {
    super("projected", new ProjectedContent(tokens), true);
    this.tokens = tokens;
  }

  @Override
  public void unmount(VolumePlace place) throws ProviderFailure {
    super.unmount(place);
    tokens.forget(place.volume().pod().uid());
  }
}
