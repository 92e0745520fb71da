package io.bundlet.core.image;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageStorage;
import io.bundlet.api.image.ImageStoragePart;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.ChildCall;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.provider.ProviderHandle;
import io.bundlet.core.provider.ProviderWork;
import io.bundlet.core.time.NodeTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The images of one provider, asked for within bounded time by the one thread that owns this. */
final class ImageStore extends Inbox {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  /** After so many it is more than a few images that are the matter; each may have taken its time. */
  private static final int MOST_FAILURES = 5;

  private final NodeTime time;
  private final ProviderHandle provider;
  /** What names stand for, as far as that was found out; this is used for one look. */
  private final Map<String, String> ids = new HashMap<>();
  /** Those that could not be removed, with the reasons; also for one look. */
  private final Map<String, ProviderFailure> failures = new LinkedHashMap<>();

  ImageStore(NodeTime time, ProviderHandle provider) {
    super(time);
    this.time = time;
    this.provider = provider;
  }

  String name() {
    return provider.name();
  }

  /** Empty when the provider keeps its images to itself. */
  Optional<ImageStorage> storage() throws ProviderFailure, InterruptedException {
    return ask("image-storage", entered -> {
      Optional<ImageStoragePart> part = entered.part(ImageStoragePart.class);
      return part.isPresent() ? Optional.of(part.get().storage()) : Optional.empty();
    });
  }

  List<ImageInfo> list() throws ProviderFailure, InterruptedException {
    return ask("images", entered -> entered.images().list());
  }

  /**
   * Whether it is gone. What failed once is not tried again, and is one of the {@link #failure failures}.
   *
   * @throws ProviderFailure when the runtime itself does not answer, so that others had better not be tried either
   */
  boolean remove(ImageInfo image) throws ProviderFailure, InterruptedException {
    String id = image.ref().id();
    if (failures.containsKey(id)) {
      return false;
    }
    try {
      ask("remove-image", entered -> {
        entered.images().remove(image.ref());
        return image;
      });
      return true;
    } catch (ProviderFailure failed) {
      if (failed.kind().equals(ProviderFailure.UNAVAILABLE) || failures.size() >= MOST_FAILURES) {
        throw failed;
      }
      failures.put(id, failed);
      return false;
    }
  }

  /** Why the first one of those that should have been removed was not. */
  Optional<ProviderFailure> failure() {
    return failures.values().stream().findFirst();
  }

  /**
   * The ids that these names stand for here.
   *
   * @throws ProviderFailure when it is not known of one of them
   */
  Set<String> ids(Set<String> names) throws ProviderFailure, InterruptedException {
    Set<String> found = new HashSet<>();
    for (String name : names) {
      if (!ids.containsKey(name)) {
        // What is not here yet may come at any moment.
        find(name).ifPresent(id -> ids.put(name, id));
      }
      if (!ids.getOrDefault(name, "").isEmpty()) {
        found.add(ids.get(name));
      }
    }
    return found;
  }

  private Optional<String> find(String name) throws ProviderFailure, InterruptedException {
    try {
      return ask("find-image", entered -> entered.images().find(name)).map(info -> info.ref().id());
    } catch (ProviderFailure failed) {
      if (failed.kind().equals(ProviderFailure.INVALID) || failed.kind().equals(ProviderFailure.UNSUPPORTED)) {
        // A name that means nothing here, such as one of another runtime's images.
        return Optional.of("");
      }
      throw failed;
    }
  }

  private <T> T ask(String what, ProviderWork<T> work) throws ProviderFailure, InterruptedException {
    ChildCall<T> call = provider.call(what, work, this::nudge);
    try {
      if (await(call::done, time.after(LIMIT))) {
        return call.result();
      }
    } catch (InterruptedException ended) {
      call.cancel();
      throw ended;
    }
    call.cancel();
    throw ProviderFailure.outcomeUnknown(
        ProviderFailure.DEADLINE, "the runtime provider " + name() + " did not answer within " + LIMIT, null);
  }
}
