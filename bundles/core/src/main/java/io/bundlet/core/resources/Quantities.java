package io.bundlet.core.resources;

import io.bundlet.api.runtime.ProviderFailure;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/** Quantities of manifests as whole numbers, rounded up as Kubernetes does. */
public final class Quantities {
  /** The resource that is counted in thousandths. */
  public static final String CPU = "cpu";
  /** The resource that is counted in bytes. */
  public static final String MEMORY = "memory";

  /** Bounded, so that no number takes long to compute with. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d{1,40}(\\.\\d{0,40})?|\\.\\d{1,40})([KMGTPE]i|[numkMGTPE]|[eE][+-]?\\d{1,2})?");

  private Quantities() {}

  /** Thousandths, for CPU. @throws ProviderFailure {@link ProviderFailure#INVALID} naming the field */
  public static long millis(Quantity quantity, String field) throws ProviderFailure {
    return whole(number(quantity, field).movePointRight(3), quantity, field);
  }

  /**
   * Whole units: bytes, or things that are counted. @throws ProviderFailure {@link ProviderFailure#INVALID} naming the
   * field
   */
  public static long units(Quantity quantity, String field) throws ProviderFailure {
    return whole(number(quantity, field), quantity, field);
  }

  /** Thousandths for CPU, whole units of everything else. */
  public static long of(String resource, Quantity quantity, String field) throws ProviderFailure {
    return resource.equals(CPU) ? millis(quantity, field) : units(quantity, field);
  }

  private static BigDecimal number(Quantity quantity, String field) throws ProviderFailure {
    if (!NUMBER.matcher(quantity.toString()).matches()) {
      throw invalid(field, quantity, "is no quantity; write one such as 500m, 1.5, 64Mi or 2Gi");
    }
    BigDecimal number = quantity.getNumericalAmount();
    if (number.signum() < 0) {
      throw invalid(field, quantity, "is less than 0; write 0 or more");
    }
    return number;
  }

  private static long whole(BigDecimal number, Quantity quantity, String field) throws ProviderFailure {
    try {
      return number.setScale(0, RoundingMode.CEILING).longValueExact();
    } catch (ArithmeticException tooMuch) {
      throw invalid(field, quantity, "is more than 64 bits can count; write less");
    }
  }

  private static ProviderFailure invalid(String field, Quantity quantity, String why) {
    String text = quantity.toString();
    String shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
    return ProviderFailure.of(ProviderFailure.INVALID, field + ": \"" + shown + "\" " + why);
  }
}
