package io.bundlet.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageRef;
import io.bundlet.api.image.ImageStorage;
import io.bundlet.api.image.ImageStoragePart;
import io.bundlet.api.metrics.HistogramValue;
import io.bundlet.api.metrics.Metric;
import io.bundlet.api.metrics.MetricsSink;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeProvider;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.image.ImageSettings.Removal;
import io.bundlet.core.provider.ProviderRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A disk of 1000 bytes, images of 100 each. */
@Timeout(180)
class ImageCollectorTest {
  private static final Path AT = Path.of("/images");

  private final ManualTime time = new ManualTime();
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private final ProviderRegistry providers = new ProviderRegistry(time);
  private final Set<String> used = ConcurrentHashMap.newKeySet();
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final ImageNumbers numbers = new ImageNumbers();
  private volatile long others = 0;
  private volatile Removal settings =
      new Removal(80, 50, Duration.ofMinutes(2), Optional.empty(), Duration.ofMinutes(5));
  private volatile boolean unreadable;
  private ImageCollector collector;

  @BeforeEach
  void begin() {
    provider.images.clear();
    provider.parts.put(
        ImageStoragePart.class, (ImageStoragePart) () -> new ImageStorage(AT, -1, Set.copyOf(held)));
    providers.bind(provider, Map.of(RuntimeProvider.NAME, "scripted"));
    collector =
        new ImageCollector(
            time, providers, () -> Set.copyOf(used), this::space, () -> settings, numbers,
            (reason, message) -> warnings.add(reason + " " + message));
  }

  @AfterEach
  void end() throws InterruptedException {
    collector.end();
    providers.end();
  }

  private ImageCollector.Space.Reading space(Path at) throws IOException {
    assertEquals(AT, at);
    if (unreadable) {
      throw new IOException("no such directory");
    }
    return new ImageCollector.Space.Reading(1000, 1000 - others - 100 * provider.stored.size());
  }

  private void stored(String... names) {
    for (String name : names) {
      String id = "id-" + name;
      provider.stored.put(id, new ImageInfo(new ImageRef(name, id), 100));
    }
  }

  /** Each in use in its turn, for a minute, in this order. */
  private void usedInTurn(String... names) throws InterruptedException {
    for (String name : names) {
      used.add(name);
      collector.look();
      used.remove(name);
      time.advance(Duration.ofMinutes(1));
    }
  }

  private String left() {
    Set<String> names = new TreeSet<>();
    provider.stored.values().forEach(image -> names.add(image.ref().reference()));
    return String.join("", names);
  }

  private String counted() {
    StringBuilder all = new StringBuilder();
    numbers.collect(
        new MetricsSink() {
          @Override
          public void sample(Metric metric, double value, String... labels) {
            all.append(labels[0]).append((int) value).append(' ');
          }

          @Override
          public void sampleAt(Metric metric, Instant at, double value, String... labels) {
            throw new AssertionError(metric);
          }

          @Override
          public void histogram(Metric metric, HistogramValue value, String... labels) {
            throw new AssertionError(metric);
          }
        });
    return all.toString().strip();
  }

  @Test
  void whatWasUsedLongestAgoGoesFirstUntilThereIsEnough() throws Exception {
    stored("a", "b", "c", "d", "e", "f", "g");
    usedInTurn("d", "c", "g", "a", "b", "e", "f");
    collector.look();
    assertEquals("abcdefg", left(), "70 percent are not too much");
    stored("h");
    collector.look();
    // 80 percent are; the new one is too young, and three make it 50
    assertEquals("abefh", left());
    assertEquals("space3 age0", counted());
    assertEquals(List.of(), warnings);
  }

  @Test
  void whatIsInUseStays() throws Exception {
    stored("a", "b", "c", "d", "e", "f", "g", "h", "i");
    // by its name, by its id, by the runtime's word
    used.addAll(List.of("a", "id-b", "unknown"));
    held.add("id-c");
    collector.look();
    time.advance(Duration.ofMinutes(10));
    settings = new Removal(1, 0, Duration.ZERO, Optional.of(Duration.ofMinutes(1)), Duration.ofMinutes(5));
    collector.look();
    assertEquals("abc", left());
    assertEquals("space0 age6", counted());
  }

  @Test
  void whatAPodComesForMeanwhileStays() throws Exception {
    stored("a", "b", "c", "d", "e", "f", "g", "h", "i");
    collector.look();
    time.advance(Duration.ofMinutes(10));
    used.addAll(List.of("a", "b", "c", "d", "e", "f", "g"));
    provider.failures.put("remove-image", () -> {
      used.add("h");
      used.add("i");
      return null;
    });
    settings = new Removal(1, 0, Duration.ZERO, Optional.empty(), Duration.ofMinutes(5));
    collector.look();
    assertEquals(8, provider.stored.size(), left());
    assertTrue(left().startsWith("abcdefg"), left());
  }

  @Test
  void whatIsNewStays() throws Exception {
    stored("a", "b", "c", "d", "e", "f", "g", "h");
    collector.look();
    time.advance(Duration.ofMinutes(2).minusNanos(1));
    collector.look();
    assertEquals("abcdefgh", left());
    assertEquals(2, warnings.size(), warnings::toString);
    time.advance(Duration.ofNanos(1));
    collector.look();
    assertEquals(5, provider.stored.size());
  }

  @Test
  void tooLittleCanBeRemoved() throws Exception {
    others = 700;
    stored("a", "b");
    used.add("a");
    collector.look();
    time.advance(Duration.ofMinutes(5));
    warnings.clear();
    collector.look();
    assertEquals("a", left());
    assertEquals(1, warnings.size());
    assertTrue(
        warnings.getFirst().startsWith("FreeDiskSpaceFailed /images is full to 80 % or more: 400 bytes of images of"
            + " scripted were to be removed, but only 100 "), warnings::toString);
  }

  @Test
  void whatNobodyHasUsedForTooLongGoes() throws Exception {
    settings = new Removal(100, 50, Duration.ofMinutes(2), Optional.of(Duration.ofHours(1)), Duration.ofMinutes(5));
    stored("a", "b");
    usedInTurn("a");
    time.advance(Duration.ofMinutes(58));
    collector.look();
    time.advance(Duration.ofSeconds(61));
    used.add("b");
    collector.look();
    assertEquals("b", left());
    others = 900;
    collector.look();
    assertEquals("b", left());
    assertEquals("space0 age1", counted());
  }

  @Test
  void nothingGoesAsLongAsItIsNotKnownWhatIsUsed() throws Exception {
    settings = new Removal(1, 0, Duration.ZERO, Optional.empty(), Duration.ofMinutes(5));
    stored("a", "b", "c");
    provider.parts.put(ImageStoragePart.class, (ImageStoragePart) () -> {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "down");
    });
    collector.look();
    assertEquals(List.of("ImageGCFailed images of scripted: down"), warnings);
    warnings.clear();
    // what a runtime cannot do is no event each time
    provider.parts.put(ImageStoragePart.class, (ImageStoragePart) () -> {
      throw ProviderFailure.of(ProviderFailure.UNSUPPORTED, "no such call");
    });
    collector.look();
    provider.parts.remove(ImageStoragePart.class);
    collector.look();
    assertEquals("abc", left());
    assertEquals(List.of(), warnings);
    begin();
    unreadable = true;
    collector.look();
    assertEquals("abc", left());
    assertTrue(warnings.getFirst().contains("ImageGCFailed images of scripted: no such directory"), warnings::toString);
  }

  @Test
  void aRuntimeThatCannotRemoveOneIsTold() throws Exception {
    settings = new Removal(1, 0, Duration.ZERO, Optional.empty(), Duration.ofMinutes(5));
    stored("a");
    provider.failures.put("remove-image", () -> ProviderFailure.of(ProviderFailure.INTERNAL, "busy"));
    collector.look();
    assertEquals(List.of("ImageGCFailed images of scripted: busy"), warnings);
    assertEquals("space0 age0", counted());
    provider.failures.clear();
    collector.look();
    assertEquals("", left());
  }

  @Test
  void oneThatCannotBeRemovedDoesNotKeepTheOthers() throws Exception {
    settings = new Removal(1, 0, Duration.ZERO, Optional.empty(), Duration.ofMinutes(5));
    stored("a", "b", "c");
    int[] tries = {0};
    provider.failures.put(
        "remove-image", () -> tries[0]++ == 0 ? ProviderFailure.of(ProviderFailure.INTERNAL, "busy") : null);
    collector.look();
    assertEquals(1, left().length(), left());
    assertEquals(3, tries[0]);
    assertTrue(warnings.contains("ImageGCFailed images of scripted: busy"), warnings::toString);
    collector.look();
    assertEquals("", left());
  }

  @Test
  void itLooksByItselfAndEnds() throws Exception {
    collector.begin();
    awaitWaits(Duration.ofMinutes(1));
    time.advance(Duration.ofMinutes(1));
    awaitWaits(Duration.ofMinutes(5));
    assertEquals(1, provider.count("list-images"));
    time.advance(Duration.ofMinutes(5));
    long end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
    while (provider.count("list-images") < 2) {
      assertTrue(System.nanoTime() < end);
      Thread.onSpinWait();
    }
    collector.end();
    time.advance(Duration.ofMinutes(50));
    assertEquals(2, provider.count("list-images"));
  }

  @Test
  void allThatNobodyUsesGoesWhenTheNodeIsShortOfDisk() throws Exception {
    stored("a", "b");
    used.add("a");
    collector.begin();
    awaitWaits(Duration.ofMinutes(1));
    time.advance(Duration.ofMinutes(1));
    awaitWaits(Duration.ofMinutes(5));
    time.advance(Duration.ofMinutes(2));
    assertTrue(collector.reclaim());
    long end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
    while (collector.reclaim()) {
      assertTrue(System.nanoTime() < end, "it does not end");
      Thread.onSpinWait();
    }
    assertEquals("a", left());
    assertEquals("space1 age0", counted());
    assertEquals(List.of(), warnings);
    time.advance(Duration.ofMinutes(5));
    assertTrue(collector.reclaim(), "it is done again");
  }

  @Test
  void aRuntimeThatHangsIsWaitedForHalfAMinute() {
    // nobody looks
    assertTrue(collector.reclaim());
    time.advance(Duration.ofSeconds(30));
    assertEquals(false, collector.reclaim());
  }

  private void awaitWaits(Duration wait) {
    long end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
    while (!time.awaited(wait)) {
      assertTrue(System.nanoTime() < end, "it does not wait " + wait);
      Thread.onSpinWait();
    }
  }
}
