package io.bundlet.manifests.model;

import java.util.Collection;
import java.util.Locale;

/** What a misspelt word was probably meant to be. */
public final class Suggestion {
  private static final int LISTED = 8;

  private Suggestion() {}

  /** A hint for a person: the nearest known word, a short list of all, or to remove it. */
  public static String of(String word, Collection<String> known) {
    String nearest = null;
    int best = Math.max(1, Math.min(3, word.length() / 3)) + 1;
    for (String candidate : known) {
      int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < best) {
        best = distance;
        nearest = candidate;
      }
    }
    if (nearest != null) {
      return "did you mean \"" + nearest + "\"?";
    }
    return known.size() <= LISTED ? "known are " + String.join(", ", known.stream().sorted().toList()) : "remove it";
  }

  /** Letters to insert, remove or replace, and neighbours to swap, to make one word of the other. */
  static int distance(String from, String to) {
    if (Math.abs(from.length() - to.length()) > 3 || from.length() > 100) {
      return Integer.MAX_VALUE;
    }
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        cost[i][j] = Math.min(cost[i - 1][j - 1] + change, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        if (i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[from.length()][to.length()];
  }
}
