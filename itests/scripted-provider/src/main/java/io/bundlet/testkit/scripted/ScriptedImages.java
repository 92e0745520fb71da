package io.bundlet.testkit.scripted;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageRef;
import io.bundlet.api.image.ImageService;
import io.bundlet.api.image.PullRequest;
import io.bundlet.api.runtime.ProviderFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Images whose names say what becomes of them: {@code here/...} is present, {@code pull/...} after a pull,
 * {@code until-FLAG/...} can be pulled when the flag is set, {@code absent/...}, {@code denied/...} and
 * {@code down/...} never can, {@code odd/...} cannot be looked at, and {@code bad/...} cannot be read.
 */
final class ScriptedImages implements ImageService {
  private static final String UNTIL = "until-";

  private final Control control;
  private final Map<String, ImageInfo> here = new ConcurrentHashMap<>();

  ScriptedImages(Control control) {
    this.control = control;
  }

  private static String kind(String reference) {
    return reference.substring(0, Math.max(0, reference.indexOf('/')));
  }

  private static ImageRef ref(String reference) {
    return new ImageRef(reference, "scripted@sha256:%064x".formatted(reference.hashCode() & 0xffffffffL));
  }

  @Override
  public Optional<ImageInfo> find(String reference) throws ProviderFailure {
    return switch (kind(reference)) {
      case "here" -> Optional.of(new ImageInfo(ref(reference), 1));
      case "odd" -> throw ProviderFailure.of(ProviderFailure.INTERNAL, "as scripted");
      case "bad" -> throw ProviderFailure.of(ProviderFailure.INVALID, "no image can be called " + reference);
      default -> Optional.ofNullable(here.get(reference));
    };
  }

  @Override
  public ImageRef pull(PullRequest request) throws ProviderFailure {
    String reference = request.reference();
    control.calls().add(Map.of(
        "call", "pull", "pod", request.sandbox().pod().toString(), "image", reference,
        "at", java.time.Instant.now().toString()));
    String kind = kind(reference);
    if (kind.startsWith(UNTIL) && !control.set(kind.substring(UNTIL.length()))) {
      throw ProviderFailure.of(ProviderFailure.NOT_FOUND, "no image " + reference + " yet");
    }
    switch (kind) {
      case "absent" -> throw ProviderFailure.of(ProviderFailure.NOT_FOUND, "no image " + reference);
      case "denied" -> throw ProviderFailure.of(ProviderFailure.DENIED, "not for you: " + reference);
      case "down" -> throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "no way to " + reference);
      default -> here.put(reference, new ImageInfo(ref(reference), 1));
    }
    return ref(reference);
  }

  @Override
  public List<ImageInfo> list() {
    return List.copyOf(here.values());
  }

  @Override
  public void remove(ImageRef image) {
    here.values().removeIf(each -> each.ref().id().equals(image.id()));
  }
}
