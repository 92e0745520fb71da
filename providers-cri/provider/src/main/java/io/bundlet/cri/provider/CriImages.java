package io.bundlet.cri.provider;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageRef;
import io.bundlet.api.image.ImageService;
import io.bundlet.api.image.PullRequest;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.cri.protocol.AuthConfig;
import io.bundlet.cri.protocol.ImageServiceGrpc;
import io.bundlet.cri.protocol.ImageSpec;
import io.bundlet.cri.protocol.ImageStatusRequest;
import io.bundlet.cri.protocol.ListImagesRequest;
import io.bundlet.cri.protocol.PullImageRequest;
import io.bundlet.cri.protocol.RemoveImageRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The runtime's own image store. */
final class CriImages implements ImageService {
  /** [registry[:port]/]path[:tag][@digest], the way the distribution specification has it, or an id. */
  private static final Pattern REFERENCE = Pattern.compile(
      "(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?/)?"
          + "[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*"
          + "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?"
          + "(?:@[A-Za-z][A-Za-z0-9+._-]*:[0-9a-fA-F]{32,128})?");
  private static final int MAX_REFERENCE = 512;
  private static final List<String> WORDS = List.of("RegistryUnavailable", "SignatureValidationFailed");

  private final Supplier<Connection> connection;

  CriImages(Supplier<Connection> connection) {
    this.connection = connection;
  }

  @Override
  public Optional<ImageInfo> find(String reference) throws ProviderFailure {
    ImageStatusRequest request = ImageStatusRequest.newBuilder().setImage(spec(reference)).build();
    try {
      return Statuses.image(reference, connection.get().call(
          ImageServiceGrpc.getImageStatusMethod(), request, connection.get().ask(), "status of image " + reference)
          .getImage());
    } catch (ProviderFailure failure) {
      if (Failures.is(failure, ProviderFailure.NOT_FOUND)) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  @Override
  public ImageRef pull(PullRequest request) throws ProviderFailure {
    String reference = request.reference();
    String what = "pull image " + reference;
    PullImageRequest.Builder pull = PullImageRequest.newBuilder()
        .setImage(spec(reference)).setSandboxConfig(Requests.sandbox(request.sandbox()));
    request.credentials().ifPresent(credentials -> pull.setAuth(AuthConfig.newBuilder()
        .setUsername(credentials.username()).setPassword(credentials.password())));
    try {
      String id = connection.get()
          .call(ImageServiceGrpc.getPullImageMethod(), pull.build(), Connection.UNBOUNDED, what).getImageRef();
      if (!id.isEmpty()) {
        return new ImageRef(reference, id);
      }
    } catch (ProviderFailure failure) {
      if (Failures.is(failure, ProviderFailure.INTERNAL)) {
        // runtimes give no code for a registry that is out of reach or says no: a later attempt may do
        throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, failure.getMessage(), failure).withReason(word(failure));
      }
      throw failure;
    }
    throw ProviderFailure.of(ProviderFailure.INTERNAL, what + ": the runtime answered without an image id");
  }

  /** Runtimes since 1.28 begin their message with the pod's word where they know it; else the node chooses. */
  private static String word(ProviderFailure failure) {
    return WORDS.stream().filter(word -> Failures.beginsWith(failure, word)).findFirst().orElse("");
  }

  @Override
  public List<ImageInfo> list() throws ProviderFailure {
    List<ImageInfo> images = new ArrayList<>();
    connection.get()
        .call(ImageServiceGrpc.getListImagesMethod(), ListImagesRequest.getDefaultInstance(), connection.get().ask(),
            "list images")
        .getImagesList()
        .forEach(image -> Statuses.image(image.getRepoTagsCount() > 0 ? image.getRepoTags(0) : image.getId(), image)
            .ifPresent(images::add));
    return images;
  }

  @Override
  public void remove(ImageRef image) throws ProviderFailure {
    RemoveImageRequest request = RemoveImageRequest.newBuilder()
        .setImage(ImageSpec.newBuilder().setImage(image.id())).build();
    try {
      connection.get().call(
          ImageServiceGrpc.getRemoveImageMethod(), request, connection.get().act(),
          "remove image " + image.reference());
    } catch (ProviderFailure failure) {
      if (!Failures.is(failure, ProviderFailure.NOT_FOUND)) {
        throw failure;
      }
    }
  }

  private static ImageSpec spec(String reference) throws ProviderFailure {
    if (reference.length() > MAX_REFERENCE || !REFERENCE.matcher(reference).matches()) {
      throw ProviderFailure.of(ProviderFailure.INVALID, "'" + Failures.bounded(reference) + "' is not an image"
          + " reference; write [registry/]name[:tag][@digest], the name in lower case").withReason("InvalidImageName");
    }
    return Requests.image(reference, reference);
  }
}
