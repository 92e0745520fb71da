package io.bundlet.e2e.wasi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a hostile guest has told: its ways, and what came of each.
 *
 * @param all the ways in order
 */
record Ways(List<Way> all) {
  private static final Pattern TOLD = Pattern.compile(" ([a-z0-9-]+) ([0-9]+)");

  /**
   * One way.
   *
   * @param of what it was tried on
   * @param errno 0 when it worked
   */
  record Way(String of, String name, int errno) {
    @Override
    public String toString() {
      return of + ": " + name + " " + Errno.name(errno);
    }
  }

  /** Reads lines such as {@code ../x: read 76 stat 0}. */
  static Ways told(List<String> lines) {
    List<Way> all = new ArrayList<>();
    for (String line : lines) {
      int colon = line.indexOf(": ");
      if (colon >= 0) {
        Matcher each = TOLD.matcher(line.substring(colon + 1));
        while (each.find()) {
          all.add(new Way(line.substring(0, colon), each.group(1), Integer.parseInt(each.group(2))));
        }
      }
    }
    return new Ways(all);
  }

  /** Those that worked and must not, by what they were tried on. */
  List<Way> worked() {
    return all.stream().filter(each -> each.errno() == 0 && !each.of().startsWith("may be ")).toList();
  }

  /** How often there was which error. */
  String summary() {
    Map<String, Integer> counts = new TreeMap<>();
    all.forEach(each -> counts.merge(Errno.name(each.errno()), 1, Integer::sum));
    return all.size() + " ways: " + counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .map(each -> each.getKey() + " " + each.getValue()).collect(Collectors.joining(", "));
  }
}
