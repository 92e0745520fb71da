package io.bundlet.volumes.emptydir;

import io.bundlet.api.objects.Objects;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.Mounted;
import io.bundlet.api.volume.UsagePart;
import io.bundlet.api.volume.VolumeDriver;
import io.bundlet.api.volume.VolumePlace;
import io.bundlet.api.volume.VolumeRequest;
import io.bundlet.linux.LinuxFailure;
import io.bundlet.linux.Mounts;
import io.bundlet.linux.TreeSize;
import io.bundlet.volumes.atomic.Ownership;
import io.bundlet.volumes.source.Amounts;
import io.bundlet.volumes.source.Fields;
import io.bundlet.volumes.written.WrittenVolume;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/** The driver of volumes with an {@code emptyDir} source. */
@Component(
    service = VolumeDriver.class,
    property = {VolumeDriver.KIND + "=emptyDir", VolumeDriver.PLUGIN + "=kubernetes.io/empty-dir"})
public final class EmptyDirDriver implements VolumeDriver, UsagePart {
  private static final int MODE = 0777;
  /** What the kernel gives files in memory of itself, and Kubernetes leaves: nobody removes the files of others. */
  private static final int MEMORY_MODE = 01777;
  /** In a volume's notes: it was made completely, and is its containers' business since. */
  private static final String READY = "ready";

  @Override
  public Mounted mount(VolumeRequest request, Objects objects) throws ProviderFailure {
    Fields source = new Fields(request.volume().name(), "emptyDir", request.source());
    String medium = source.text("medium");
    long limit = sizeLimit(source);
    if (medium.startsWith("HugePages")) {
      throw source.failure(
          ProviderFailure.UNSUPPORTED, "medium", "huge pages are not handed out by this node; use Memory or nothing");
    } else if (!medium.isEmpty() && !medium.equals("Memory")) {
      throw source.wrong("medium", "\"" + medium + "\" is not supported; use Memory or nothing");
    }
    try {
      make(request, medium.equals("Memory"), limit);
    } catch (LinuxFailure failed) {
      throw source.failure(
          failed.errno() == LinuxFailure.EPERM ? ProviderFailure.DENIED : ProviderFailure.UNAVAILABLE, "medium",
          failed.getMessage() + (failed.errno() == LinuxFailure.EPERM
              ? "; only root may mount files in memory: run the node as root, or remove medium" : ""));
    } catch (IOException failed) {
      String why = failed instanceof FileSystemException of ? of.getFile() + ": " + of.getReason() : failed.toString();
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, source.about("") + "cannot be made: " + why, failed);
    }
    return new Mounted(request.volume(), request.place().directory());
  }

  private static void make(VolumeRequest request, boolean inMemory, long limit) throws IOException {
    Path directory = request.place().directory();
    Path ready = request.place().notes().resolve(READY);
    boolean whole = Files.exists(ready) && Files.isDirectory(directory);
    if (whole && (!inMemory || Mounts.mountedAt(directory))) {
      return;
    }
    Files.createDirectories(directory);
    if (inMemory && !Mounts.mountedAt(directory)) {
      Mounts.memory(directory, smaller(limit, request.memoryLimitBytes()), MEMORY_MODE, 0);
    }
    if (((Integer) Files.getAttribute(directory, "unix:mode") & MODE) != MODE) {
      Files.setAttribute(directory, "unix:mode", MODE);
    }
    if (request.fsGroup().isPresent()) {
      Ownership ownership = new Ownership(request.fsGroup().getAsLong(), false);
      boolean skip = request.fsGroupChangePolicy().equals(VolumeRequest.ON_ROOT_MISMATCH)
          && ownership.holdsFor(directory);
      if (!skip) {
        ownership.giveAll(directory);
      }
    }
    Files.createDirectories(ready.getParent());
    if (!Files.exists(ready)) {
      Files.createFile(ready);
    }
  }

  /** 0 is no limit. */
  private static long smaller(long a, long b) {
    return a == 0 || b == 0 ? Math.max(a, b) : Math.min(a, b);
  }

  private static long sizeLimit(Fields source) throws ProviderFailure {
    String text = source.text("sizeLimit");
    if (text.isEmpty()) {
      return 0;
    }
    Optional<BigDecimal> amount = Amounts.parse(text).filter(limit -> limit.signum() >= 0);
    if (amount.isEmpty()) {
      throw source.wrong("sizeLimit", "\"" + text + "\" is no quantity of bytes; write one such as 64Mi");
    }
    return amount.get().setScale(0, RoundingMode.CEILING).min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
  }

  @Override
  public void unmount(VolumePlace place) throws ProviderFailure {
    WrittenVolume.remove(place);
  }

  @Override
  public <P> Optional<P> part(Class<P> part) {
    return part.isInstance(this) && part == UsagePart.class ? Optional.of(part.cast(this)) : Optional.empty();
  }

  @Override
  public Usage usage(VolumeRequest request) throws ProviderFailure {
    Fields source = new Fields(request.volume().name(), "emptyDir", request.source());
    Path directory = request.place().directory();
    if (!Files.isDirectory(directory)) {
      throw ProviderFailure.of(ProviderFailure.NOT_FOUND, source.about("") + "is not mounted");
    }
    try {
      TreeSize use = TreeSize.of(directory);
      return new Usage(use.bytes(), use.inodes(), sizeLimit(source), source.text("medium").isEmpty());
    } catch (TreeSize.Unmeasurable hidden) {
      throw ProviderFailure.of(ProviderFailure.EXHAUSTED, source.about("") + hidden.getMessage(), hidden);
    } catch (IOException failed) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, source.about("") + failed.getMessage(), failed);
    }
  }
}
