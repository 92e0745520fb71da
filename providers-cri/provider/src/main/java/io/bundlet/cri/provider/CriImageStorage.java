package io.bundlet.cri.provider;

import io.bundlet.api.image.ImageStorage;
import io.bundlet.api.image.ImageStoragePart;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.FilesystemUsage;
import io.bundlet.cri.protocol.Image;
import io.bundlet.cri.protocol.ImageFsInfoRequest;
import io.bundlet.cri.protocol.ImageServiceGrpc;
import io.bundlet.cri.protocol.ImageSpec;
import io.bundlet.cri.protocol.ImageStatusRequest;
import io.bundlet.cri.protocol.ListContainersRequest;
import io.bundlet.cri.protocol.ListImagesRequest;
import io.bundlet.cri.protocol.RuntimeServiceGrpc;
import io.bundlet.cri.protocol.StatusRequest;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Where the runtime has its images. Others may use the same runtime, so that every container in it counts, whosever it
 * is.
 */
record CriImageStorage(Supplier<Connection> connection) implements ImageStoragePart {
  @Override
  public ImageStorage storage() throws ProviderFailure {
    Connection runtime = connection.get();
    FilesystemUsage usage = runtime
        .call(ImageServiceGrpc.getImageFsInfoMethod(), ImageFsInfoRequest.getDefaultInstance(), runtime.ask(),
            "file system of the images")
        .getImageFilesystemsList().stream()
        .filter(each -> !each.getFsId().getMountpoint().isBlank()).findFirst()
        .orElseThrow(() -> ProviderFailure.of(
            ProviderFailure.UNSUPPORTED, "the runtime does not say where its images are"));
    long used = usage.hasUsedBytes() && usage.getUsedBytes().getValue() >= 0 ? usage.getUsedBytes().getValue() : -1;
    return new ImageStorage(directory(usage.getFsId().getMountpoint()), used, held(runtime));
  }

  private static Path directory(String mountpoint) throws ProviderFailure {
    try {
      Path path = Path.of(mountpoint);
      if (path.isAbsolute()) {
        return path.normalize();
      }
    } catch (InvalidPathException unreadable) {
      throw ProviderFailure.of(ProviderFailure.UNSUPPORTED, "the runtime's images are in no path", unreadable);
    }
    throw ProviderFailure.of(
        ProviderFailure.UNSUPPORTED, "the runtime's images are in '" + Failures.bounded(mountpoint) + "', no path");
  }

  /** What is asked first is what changes least: a container that comes meanwhile is among those asked for last. */
  private static Set<String> held(Connection runtime) throws ProviderFailure {
    String sandboxes = Handlers.sandboxImage(runtime.call(RuntimeServiceGrpc.getStatusMethod(),
        StatusRequest.newBuilder().setVerbose(true).build(), runtime.ask(), "status of the runtime"));
    List<Image> images = runtime.call(ImageServiceGrpc.getListImagesMethod(), ListImagesRequest.getDefaultInstance(),
        runtime.ask(), "list images").getImagesList();
    Set<String> named = new HashSet<>();
    for (Container container : runtime.call(RuntimeServiceGrpc.getListContainersMethod(),
        ListContainersRequest.getDefaultInstance(), runtime.ask(), "list containers").getContainersList()) {
      named.add(container.getImageRef());
      named.add(container.getImage().getImage());
    }
    if (!sandboxes.isEmpty() && images.stream().noneMatch(image -> goesBy(image, Set.of(sandboxes)))
        && isThere(runtime, sandboxes)) {
      // then others may be missing that are in use, too
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE,
          "list images: the runtime left out " + Failures.bounded(sandboxes) + ", which it has");
    }
    named.add(sandboxes);
    Set<String> held = new HashSet<>();
    for (Image image : images) {
      if (image.getPinned() || goesBy(image, named)) {
        held.add(image.getId());
      }
    }
    return held;
  }

  private static boolean goesBy(Image image, Set<String> names) {
    return names.contains(image.getId()) || image.getRepoTagsList().stream().anyMatch(names::contains)
        || image.getRepoDigestsList().stream().anyMatch(names::contains);
  }

  private static boolean isThere(Connection runtime, String image) throws ProviderFailure {
    try {
      return !runtime.call(ImageServiceGrpc.getImageStatusMethod(),
          ImageStatusRequest.newBuilder().setImage(ImageSpec.newBuilder().setImage(image)).build(), runtime.ask(),
          "status of image " + Failures.bounded(image)).getImage().getId().isEmpty();
    } catch (ProviderFailure failure) {
      if (Failures.is(failure, ProviderFailure.NOT_FOUND)) {
        return false;
      }
      throw failure;
    }
  }
}
