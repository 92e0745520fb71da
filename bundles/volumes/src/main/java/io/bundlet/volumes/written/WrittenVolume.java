package io.bundlet.volumes.written;

import io.bundlet.api.objects.Objects;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.Mounted;
import io.bundlet.api.volume.VolumeAbilities;
import io.bundlet.api.volume.VolumeDriver;
import io.bundlet.api.volume.VolumePlace;
import io.bundlet.api.volume.VolumeRequest;
import io.bundlet.linux.Mounts;
import io.bundlet.linux.Removal;
import io.bundlet.volumes.atomic.AtomicWriter;
import io.bundlet.volumes.atomic.Ownership;
import io.bundlet.volumes.atomic.Payload;
import io.bundlet.volumes.content.Content;
import io.bundlet.volumes.source.Fields;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A driver of volumes that hold what a {@link Content} makes. Containers never write to them. */
public abstract class WrittenVolume implements VolumeDriver {
  private static final int FILE_MODE = 0644;
  private static final int ROOT_MODE = 0777;

  private final String kind;
  private final Content content;
  private final boolean inMemory;

  /**
   * A driver.
   *
   * @param kind the kind, which is the name of the source, too
   * @param inMemory whether nothing of it shall get onto a disk
   */
  protected WrittenVolume(String kind, Content content, boolean inMemory) {
    this.kind = kind;
    this.content = content;
    this.inMemory = inMemory;
  }

  @Override
  public final VolumeAbilities abilities() {
    return new VolumeAbilities(true);
  }

  @Override
  public final Mounted mount(VolumeRequest request, Objects objects) throws ProviderFailure {
    Fields source = new Fields(request.volume().name(), kind, request.source());
    // First, so that nothing is made for what cannot be mounted.
    Payload payload = content.files(request, source, source.mode("defaultMode", FILE_MODE), objects);
    Path directory = request.place().directory();
    Optional<Ownership> ownership =
        request.fsGroup().isPresent() ? Optional.of(new Ownership(request.fsGroup().getAsLong(), true))
            : Optional.empty();
    try {
      boolean fresh = make(directory);
      if (ownership.isPresent() && (fresh || !ownership.get().holdsFor(directory))) {
        ownership.get().give(directory);
      }
      new AtomicWriter(directory, ownership).write(payload);
      return new Mounted(request.volume(), directory, true);
    } catch (AccessDeniedException denied) {
      throw ProviderFailure.of(
          ProviderFailure.DENIED, source.about("") + denied.getMessage() + ": permission denied; run the node as "
              + "root", denied);
    } catch (IOException failed) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, source.about("") + "cannot be written to " + directory + ": "
              + failed.getMessage(),
          failed);
    }
  }

  private boolean make(Path directory) throws IOException {
    boolean fresh = !Files.isDirectory(directory);
    Files.createDirectories(directory);
    if (inMemory && !Mounts.mountedAt(directory)) {
      // twice what a volume may hold: the old and the new content are there for a moment
      MemoryFiles.mount(directory, 2 * Payload.MOST_BYTES + (16L << 20), ROOT_MODE);
      fresh = true;
    }
    if (fresh) {
      Files.setAttribute(directory, "unix:mode", ROOT_MODE);
    }
    return fresh;
  }

  @Override
  public void unmount(VolumePlace place) throws ProviderFailure {
    remove(place);
  }

  /** Removes everything of a volume. */
  public static void remove(VolumePlace place) throws ProviderFailure {
    try {
      Mounts.unmountAll(place.directory());
      Removal.tree(place.directory());
      Removal.tree(place.notes());
    } catch (IOException failed) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE,
          "volume \"" + place.volume().name() + "\": " + place.directory() + " cannot be removed: "
              + failed.getMessage(),
          failed);
    }
  }
}
