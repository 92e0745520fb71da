package io.bundlet.shell;

import java.util.Locale;
import java.util.Set;

/** Amounts of resources as manifests write them. */
final class Amounts {
  private static final String CPU = "cpu";
  private static final Set<String> BYTES = Set.of("memory", "ephemeral-storage");
  private static final String[] UNITS = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

  private Amounts() {}

  /** Processors; bytes in the largest unit that leaves at least 1, with one decimal; pieces. */
  static String text(String resource, long amount) {
    if (resource.equals(CPU)) {
      return amount % 1000 == 0 ? String.valueOf(amount / 1000) : amount + "m";
    }
    if (!BYTES.contains(resource) && !resource.startsWith("hugepages-")) {
      return String.valueOf(amount);
    }
    double value = amount;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    String number = String.format(Locale.ROOT, "%.1f", value);
    return (number.endsWith(".0") ? number.substring(0, number.length() - 2) : number) + UNITS[unit];
  }
}
