package io.bundlet.volumes.source;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Quantities as Kubernetes writes them: 100m, 1.5, 64Mi, 1e3. */
public final class Amounts {
  private static final Pattern QUANTITY =
      Pattern.compile(
          "([+-]?(?:\\d{1,30}(?:\\.\\d{0,30})?|\\.\\d{1,30}))"
              + "(?:([eE])([+-]?\\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)");
  private static final Map<String, BigDecimal> UNITS =
      Map.ofEntries(
          Map.entry("n", new BigDecimal("1e-9")), Map.entry("u", new BigDecimal("1e-6")),
          Map.entry("m", new BigDecimal("1e-3")), Map.entry("k", new BigDecimal("1e3")),
          Map.entry("M", new BigDecimal("1e6")), Map.entry("G", new BigDecimal("1e9")),
          Map.entry("T", new BigDecimal("1e12")), Map.entry("P", new BigDecimal("1e15")),
          Map.entry("E", new BigDecimal("1e18")), Map.entry("Ki", binary(1)), Map.entry("Mi", binary(2)),
          Map.entry("Gi", binary(3)), Map.entry("Ti", binary(4)), Map.entry("Pi", binary(5)),
          Map.entry("Ei", binary(6)));

  private Amounts() {}

  private static BigDecimal binary(int power) {
    return BigDecimal.valueOf(1024).pow(power);
  }

  /** The amount; empty when this is no quantity. */
  public static Optional<BigDecimal> parse(String text) {
    Matcher matcher = QUANTITY.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    BigDecimal number = new BigDecimal(matcher.group(1));
    if (matcher.group(2) != null) {
      return Optional.of(number.scaleByPowerOfTen(Integer.parseInt(matcher.group(3))));
    }
    return Optional.of(matcher.group(4) == null ? number : number.multiply(UNITS.get(matcher.group(4))));
  }
}
