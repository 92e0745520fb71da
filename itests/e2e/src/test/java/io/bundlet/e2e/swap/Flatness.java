package io.bundlet.e2e.swap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Whether anything grows in a series of samples. The first fifth of the rounds is left out: code is compiled then, and
 * threads appear that stay. The sample at its end is what the later ones are held against.
 *
 * <p>What is counted must not become more. Where the JVM itself makes a few more or less, that many are allowed: its
 * compiler's threads, classes that it generates.
 *
 * <p>Memory wavers, so it is asked three times: for the median of the last fifth of the rounds over that of the second,
 * for the median slope of all pairs of samples over all those rounds, and for the last sample over the first. Each may
 * be a share of the memory, which the caller says; for used heap, which wavers less, 1 MiB.
 */
final class Flatness {
  private static final long HEAP_KIB = 1024;

  private final List<RoundsSample> warm;
  private final int rounds;
  private final List<String> grown = new ArrayList<>();

  private Flatness(List<RoundsSample> samples, int rounds) {
    this.rounds = rounds;
    this.warm = samples.stream().filter(sample -> sample.round() * 5 >= rounds).toList();
  }

  /**
   * The things of which there are more in the last sample, in words.
   *
   * @param samples in order, not necessarily to the last round
   */
  static List<String> counts(List<RoundsSample> samples, int rounds) {
    Flatness flatness = new Flatness(samples, rounds);
    if (!flatness.warm.isEmpty()) {
      flatness.count("class loaders", RoundsSample::loaders, 0);
      flatness.count("files in the data directory", RoundsSample::dataFiles, 0);
      flatness.count("temporary files", RoundsSample::temporaryFiles, 0);
      flatness.count("files elsewhere", RoundsSample::otherFiles, 0);
      flatness.count("file descriptors", RoundsSample::descriptors, 2);
      flatness.count("threads", RoundsSample::threads, 4);
      flatness.count("threads of Java", RoundsSample::javaThreads, 2);
      flatness.count("classes", RoundsSample::classes, 300);
    }
    return List.copyOf(flatness.grown);
  }

  /**
   * The kinds of memory that grow, in words.
   *
   * @param share the part of resident memory that is allowed
   */
  static List<String> memory(List<RoundsSample> samples, double share) {
    Flatness flatness = new Flatness(samples, samples.getLast().round());
    flatness.memory("used heap", RoundsSample::heapKib, HEAP_KIB);
    flatness.memory("resident memory", RoundsSample::rssKib,
        share * flatness.median(RoundsSample::rssKib, 1, 2));
    return List.copyOf(flatness.grown);
  }

  private void count(String what, ToLongFunction<RoundsSample> of, long more) {
    RoundsSample first = warm.getFirst();
    RoundsSample last = warm.getLast();
    if (of.applyAsLong(last) > of.applyAsLong(first) + more) {
      grown.add("%s: %d after %d rounds, %d after %d".formatted(
          what, of.applyAsLong(first), first.round(), of.applyAsLong(last), last.round()));
    }
  }

  private void memory(String what, ToLongFunction<RoundsSample> of, double more) {
    double early = median(of, 1, 2);
    double late = median(of, 4, 5);
    if (late > early + more) {
      grown.add(text("%s: the median of the last fifth is %.0f KiB, that of the second %.0f", what, late, early));
    }
    double slope = median(warm.stream().flatMap(one -> warm.stream().filter(other -> other.round() > one.round())
        .map(other -> (double) (of.applyAsLong(other) - of.applyAsLong(one)) / (other.round() - one.round()))));
    if (slope * (rounds - warm.getFirst().round()) > more) {
      grown.add(text("%s: steadily %.1f KiB a round", what, slope));
    }
    long first = of.applyAsLong(warm.getFirst());
    long last = of.applyAsLong(warm.getLast());
    if (last > first + more) {
      grown.add(text("%s: %d KiB after %d rounds, %d after %d", what, first, warm.getFirst().round(), last, rounds));
    }
  }

  private double median(ToLongFunction<RoundsSample> of, int fromFifth, int toFifth) {
    return median(warm.stream().filter(sample -> sample.round() * 5 >= rounds * fromFifth
        && sample.round() * 5 <= rounds * toFifth).map(sample -> (double) of.applyAsLong(sample)));
  }

  private static double median(Stream<Double> values) {
    List<Double> sorted = values.sorted().toList();
    return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
  }

  private static String text(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
