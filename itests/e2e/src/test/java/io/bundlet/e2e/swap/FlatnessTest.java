package io.bundlet.e2e.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FlatnessTest {
  @Test
  void whatOnlyWarmsUpAndWaversIsFlat() {
    List<RoundsSample> samples = samples(round -> 0, round -> round < 20 ? 120_000 + round * 2000
        : 160_000 + (round % 20 == 0 ? 2000 : 0));

    assertEquals(List.of(), Flatness.counts(samples, 100));
    assertEquals(List.of(), Flatness.memory(samples, 0.05));
  }

  @Test
  void aDescriptorARoundIsSeenAtTheNextSample() {
    List<RoundsSample> samples = samples(round -> round, round -> 160_000);

    assertTrue(Flatness.counts(samples.subList(0, 4), 100).getFirst().startsWith("file descriptors: 80 after 20"));
    assertEquals(List.of(), Flatness.counts(samples.subList(0, 2), 100), "before there is anything to compare with");
  }

  @Test
  void oneHundredAndTwentyKibibytesARoundAreSeen() {
    List<String> grown = Flatness.memory(samples(round -> 0, round -> 160_000 + round * 120), 0.05);

    assertTrue(grown.stream().anyMatch(line -> line.contains("steadily 120.0 KiB")), grown.toString());
  }

  @Test
  void aStepThatStaysIsSeen() {
    List<String> grown = Flatness.memory(samples(round -> 0, round -> round < 70 ? 160_000 : 170_000), 0.05);

    assertTrue(grown.stream().anyMatch(line -> line.contains("the last fifth is 170000 KiB")), grown.toString());
  }

  private static List<RoundsSample> samples(IntUnaryOperator descriptors, IntUnaryOperator rss) {
    return IntStream.rangeClosed(0, 10).map(tenth -> tenth * 10)
        .mapToObj(round -> new RoundsSample(round, 40, 30, 60 + descriptors.applyAsInt(round), 5000, 45, 0, 100, 0, 60,
            10_000, 8000, rss.applyAsInt(round), 80_000))
        .toList();
  }
}
