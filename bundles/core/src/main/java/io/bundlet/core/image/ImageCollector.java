package io.bundlet.core.image;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageStorage;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.provider.ProviderHandle;
import io.bundlet.core.provider.ProviderRegistry;
import io.bundlet.core.time.NodeTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes images that nobody uses, in a thread of its own: when their file system is too full, those first that were
 * last used longest ago, and others when nobody has used them for too long. What a pod of the node names or was made of
 * stays, and what the runtime says that it must stay; as long as one of the two is not known, everything does. When an
 * image was used is known as far back as this process lives. When the node is short of disk, all that nobody uses goes.
 */
public final class ImageCollector extends Inbox {
  private static final Logger LOG = LoggerFactory.getLogger(ImageCollector.class);
  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final Duration RECLAIM_LIMIT = Duration.ofSeconds(30);
  private static final Duration RECLAIM_AGAIN = Duration.ofMinutes(5);

  /** How full a file system is. */
  @FunctionalInterface
  public interface Space {
    /**
     * As it is now.
     *
     * @param bytes its size
     * @param freeBytes what is left of it
     */
    record Reading(long bytes, long freeBytes) {}

    /** Looks at the file system that this directory is on. */
    Reading of(Path directory) throws IOException;

    /** Whether the node keeps its own data on the same one. */
    default boolean ofNode(Path directory) throws IOException {
      return true;
    }
  }

  private final NodeTime time;
  private final ProviderRegistry providers;
  private final Supplier<Set<String>> used;
  private final Space space;
  private final Supplier<ImageSettings.Removal> settings;
  private final ImageNumbers numbers;
  private final BiConsumer<String, String> warning;
  private final Map<Path, Map<String, KnownImage>> known = new HashMap<>();
  /** By the provider's name: what its log line said last, so that the same is not said with each look. */
  private final Map<String, String> told = new HashMap<>();
  private Thread thread;
  private boolean ended;
  /** Since when all that nobody uses is to go; empty: it is not. */
  private Optional<Long> wantedNanos = Optional.empty();
  private Optional<Long> doneNanos = Optional.empty();

  /**
   * Not begun.
   *
   * @param used the names and ids of all images that pods of the node name or were made of; returns at once
   * @param settings of now; may change at any time
   * @param warning hears, by a word and for people, when too little could be removed
   */
  public ImageCollector(
      NodeTime time, ProviderRegistry providers, Supplier<Set<String>> used, Space space,
      Supplier<ImageSettings.Removal> settings, ImageNumbers numbers, BiConsumer<String, String> warning) {
    super(time);
    this.time = time;
    this.providers = providers;
    this.used = used;
    this.space = space;
    this.settings = settings;
    this.numbers = numbers;
    this.warning = warning;
  }

  /** Starts the thread. */
  public void begin() {
    thread = Thread.ofVirtual().name("bundlet-images").start(this::run);
  }

  /** Ends the thread and what it has under way. Waits 5 s at most. */
  public void end() throws InterruptedException {
    post(() -> ended = true);
    if (thread != null) {
      thread.interrupt();
      thread.join(5_000);
    }
  }

  private void run() {
    try {
      Duration wait = earlier(FIRST, settings.get().interval());
      while (true) {
        await(() -> ended || wantedNanos.isPresent(), time.after(wait));
        if (read(() -> ended)) {
          return;
        }
        boolean all = read(wantedNanos::isPresent);
        look(all);
        if (all) {
          post(() -> {
            wantedNanos = Optional.empty();
            doneNanos = Optional.of(time.nanos());
          });
        }
        wait = settings.get().interval();
      }
    } catch (InterruptedException end) {
      LOG.debug("images are not looked at any more");
    }
  }

  private static Duration earlier(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /**
   * The node is short of disk: has all images removed that nobody uses, soon and unless that was done lately. Returns
   * at once.
   *
   * @return whether that is still to be waited for
   */
  public boolean reclaim() {
    long now = time.nanos();
    boolean[] worth = {false};
    post(() -> {
      boolean lately = doneNanos.isPresent() && now - doneNanos.get() < RECLAIM_AGAIN.toNanos();
      if (wantedNanos.isEmpty() && !lately) {
        wantedNanos = Optional.of(now);
      }
      worth[0] = wantedNanos.isPresent() && now - wantedNanos.get() < RECLAIM_LIMIT.toNanos();
    });
    return worth[0];
  }

  /** Looks once. */
  void look() throws InterruptedException {
    look(false);
  }

  /** @param everything whether all that nobody uses is to go where the node's own data are */
  private void look(boolean everything) throws InterruptedException {
    Map<Path, Set<String>> held = new LinkedHashMap<>();
    Map<Path, ImageStore> stores = new HashMap<>();
    Set<String> troubled = new HashSet<>();
    for (ProviderHandle provider : providers.ready()) {
      ImageStore store = new ImageStore(time, provider);
      try {
        Optional<ImageStorage> storage = store.storage();
        if (storage.isPresent()) {
          Path at = storage.get().directory();
          stores.putIfAbsent(at, store);
          held.computeIfAbsent(at, none -> new HashSet<>()).addAll(storage.get().held());
        }
      } catch (ProviderFailure failed) {
        troubled.add(provider.name());
        trouble(provider.name(), failed.getMessage(), !failed.kind().equals(ProviderFailure.UNSUPPORTED));
      }
    }
    known.keySet().retainAll(held.keySet());
    for (Map.Entry<Path, Set<String>> each : held.entrySet()) {
      ImageStore store = stores.get(each.getKey());
      try {
        look(each.getKey(), store, each.getValue(), everything);
      } catch (ProviderFailure | IOException | RuntimeException failed) {
        troubled.add(store.name());
        trouble(store.name(), failed.getMessage(), true);
      }
    }
    told.keySet().retainAll(troubled);
  }

  /** @param event whether it may pass; a runtime that lacks a call stays as it is, and the log's line is enough */
  private void trouble(String provider, String message, boolean event) {
    if (!message.equals(told.put(provider, message))) {
      LOG.warn("images of {} cannot be removed now: {}", provider, message);
    }
    if (event) {
      warning.accept("ImageGCFailed", "images of " + provider + ": " + message);
    }
  }

  private void look(Path at, ImageStore store, Set<String> held, boolean everything)
      throws ProviderFailure, IOException, InterruptedException {
    // Asked for after what is held and before what pods use: what comes meanwhile is not older than that.
    List<ImageInfo> images = store.list();
    if (images.isEmpty()) {
      // Where they will be may not be there yet.
      known.remove(at);
      return;
    }
    Set<String> inUse = new HashSet<>(held);
    inUse.addAll(needed(store));
    long now = time.nanos();
    Map<String, KnownImage> before = known.getOrDefault(at, Map.of());
    Map<String, KnownImage> all = new LinkedHashMap<>();
    for (ImageInfo image : images) {
      String id = image.ref().id();
      all.put(
          id, before.getOrDefault(id, new KnownImage(image, now, now)).now(image, inUse.contains(id), now));
    }
    known.put(at, all);
    List<KnownImage> unused =
        all.values().stream().filter(image -> !inUse.contains(image.id()))
            .sorted(Comparator.comparingLong(KnownImage::usedNanos).thenComparingLong(KnownImage::seenNanos))
            .toList();
    removeOld(store, unused, all, now);
    if (everything && space.ofNode(at)) {
      remove(store, unused, all, now, Long.MAX_VALUE, "the node is short of disk");
    } else {
      makeRoom(at, store, unused, all, now);
    }
    if (store.failure().isPresent()) {
      throw store.failure().get();
    }
  }

  /** What pods name stands for these ids; an id stands for itself. */
  private Set<String> needed(ImageStore store) throws ProviderFailure, InterruptedException {
    Set<String> names = used.get();
    Set<String> ids = new HashSet<>(names);
    ids.addAll(store.ids(names));
    return ids;
  }

  private void removeOld(ImageStore store, List<KnownImage> unused, Map<String, KnownImage> all, long now)
      throws ProviderFailure, InterruptedException {
    Optional<Duration> most = settings.get().maximumAge();
    for (KnownImage image : unused) {
      if (most.isPresent() && now - image.usedNanos() > most.get().toNanos() && removed(store, image, all)) {
        LOG.info("image {} is removed: nobody has used it for {}", image.name(), most.get());
        numbers.removedForAge();
      }
    }
  }

  private void makeRoom(Path at, ImageStore store, List<KnownImage> unused, Map<String, KnownImage> all, long now)
      throws ProviderFailure, IOException, InterruptedException {
    ImageSettings.Removal limits = settings.get();
    Space.Reading reading = space.of(at);
    if (limits.highPercent() >= 100 || reading.bytes() <= 0
        || 100 - (long) (100.0 * reading.freeBytes() / reading.bytes()) < limits.highPercent()) {
      return;
    }
    long wanted = reading.bytes() / 100 * (100 - limits.lowPercent()) - reading.freeBytes();
    String full = at + " is full to " + limits.highPercent() + " % or more";
    long freed = remove(store, unused, all, now, wanted, full);
    // else it is not known to be too little, and the failure is told
    if (freed < wanted && store.failure().isEmpty()) {
      String text = full + ": " + wanted + " bytes of images of "
          + store.name() + " were to be removed, but only " + freed + " are of images that nobody uses; make room";
      LOG.warn("{}", text);
      warning.accept("FreeDiskSpaceFailed", text);
    }
  }

  /** Removes as many as it takes, but none that is young. @return how many bytes they had */
  private long remove(
      ImageStore store, List<KnownImage> unused, Map<String, KnownImage> all, long now, long wanted, String why)
      throws ProviderFailure, InterruptedException {
    long freed = 0;
    for (KnownImage image : unused) {
      boolean young = now - image.seenNanos() < settings.get().minimumAge().toNanos();
      if (freed < wanted && !young && all.containsKey(image.id()) && removed(store, image, all)) {
        LOG.info("image {} ({} bytes) is removed: nobody uses it, and {}", image.name(), image.bytes(), why);
        numbers.removedForRoom();
        freed += image.bytes();
      }
    }
    return freed;
  }

  /**
   * Whether it was removed; not if a pod has come meanwhile that needs it, nor if that failed in this look already. One
   * that cannot be removed does not keep the others.
   */
  private boolean removed(ImageStore store, KnownImage image, Map<String, KnownImage> all)
      throws ProviderFailure, InterruptedException {
    if (needed(store).contains(image.id())) {
      return false;
    }
    if (!store.remove(image.info())) {
      return false;
    }
    all.remove(image.id());
    return true;
  }
}
