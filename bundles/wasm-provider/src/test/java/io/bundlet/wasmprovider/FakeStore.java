package io.bundlet.wasmprovider;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageRef;
import io.bundlet.api.image.ImageStorage;
import io.bundlet.api.image.ModuleStore;
import io.bundlet.api.image.PullRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A store that has every module. */
public final class FakeStore implements ModuleStore {
  /** What every module's file is; null: one that is not there. */
  public Path file;

  @Override
  public Path file(ImageRef image) {
    return file != null ? file : Path.of("/store", image.id().substring("sha256:".length()));
  }

  @Override
  public Optional<ImageInfo> find(String reference) {
    return Optional.empty();
  }

  @Override
  public ImageRef pull(PullRequest request) {
    return new ImageRef(request.reference(), "sha256:12");
  }

  @Override
  public List<ImageInfo> list() {
    return List.of();
  }

  @Override
  public ImageStorage storage() {
    return new ImageStorage(Path.of("/store"), 0, Set.of());
  }

  @Override
  public void remove(ImageRef image) {}
}
