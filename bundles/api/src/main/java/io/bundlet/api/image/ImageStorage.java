package io.bundlet.api.image;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;

/**
 * Where images are kept.
 *
 * @param directory on the file system that they take room on; providers that name the same one share their images
 * @param usedBytes what all of them take; -1: not known
 * @param held the ids of those that stay, whatever the node thinks of them: the runtime itself needs them, or something
 *     was made of them, also by others than this node
 */
public record ImageStorage(Path directory, long usedBytes, Set<String> held) {
  public ImageStorage {
    Objects.requireNonNull(directory);
    held = Set.copyOf(held);
  }
}
