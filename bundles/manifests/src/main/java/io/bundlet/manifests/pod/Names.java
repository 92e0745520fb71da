package io.bundlet.manifests.pod;

import io.bundlet.manifests.model.Findings;
import io.bundlet.manifests.yaml.Texts;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules for names (Kubernetes' validation of RFC 1123 labels and subdomains and RFC 6335 port names). */
public final class Names {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern PORT = Pattern.compile("(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?");
  private static final Pattern LABEL_VALUE = Pattern.compile("([A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?)?");
  private static final Pattern QUALIFIED =
      Pattern.compile("([-a-z0-9.]{1,253}/)?[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?");

  private Names() {}

  /** Whether a text that must be there is there. */
  public static boolean present(String value, String path, String example, Findings findings) {
    if (value == null || value.isEmpty()) {
      findings.add(path, "is missing; write one, such as " + example);
      return false;
    }
    return true;
  }

  /** Notes what is no DNS label. */
  public static void label(String value, String path, Findings findings) {
    if (!LABEL.matcher(value).matches()) {
      findings.add(path, shown(value) + " is no DNS label; use at most 63 lower case letters, digits and \"-\", "
          + "beginning and ending with a letter or digit");
    }
  }

  /** Notes what is no DNS name. */
  public static void subdomain(String value, String path, Findings findings) {
    if (value.length() > 253 || !SUBDOMAIN.matcher(value).matches()) {
      findings.add(path, shown(value) + " is no DNS name; use at most 253 lower case letters, digits, \"-\" and \".\", "
          + "beginning and ending with a letter or digit");
    }
  }

  static void port(String value, String path, Findings findings) {
    if (!PORT.matcher(value).matches()) {
      findings.add(path, shown(value) + " is no port name; use at most 15 lower case letters, digits and \"-\", "
          + "with at least one letter");
    }
  }

  static void labelValue(String value, String path, Findings findings) {
    if (!LABEL_VALUE.matcher(value).matches()) {
      findings.add(path, shown(value) + " is no label value; use at most 63 letters, digits, \"-\", \"_\" and \".\", "
          + "beginning and ending with a letter or digit");
    }
  }

  static void qualified(Collection<String> keys, String path, Findings findings) {
    for (String key : keys) {
      if (!QUALIFIED.matcher(key).matches()) {
        findings.add(path + "[" + key + "]", shown(key)
            + " is no valid key; use [DOMAIN/]NAME with a name of at most 63 "
            + "letters, digits, \"-\", \"_\" and \".\"");
      }
    }
  }

  /** Notes a word that is none of the known ones. */
  static void oneOf(String value, List<String> known, String path, Findings findings) {
    if (value != null && !known.contains(value)) {
      findings.add(path, shown(value) + " is not supported; use "
          + String.join(", ", known.subList(0, known.size() - 1))
          + (known.size() > 1 ? " or " : "") + known.getLast());
    }
  }

  static void between(Number value, long least, long most, String path, Findings findings) {
    if (value != null && (value.longValue() < least || value.longValue() > most)) {
      findings.add(path, value + " is out of range; use " + least + " to " + most);
    }
  }

  /** A text in quotes, shortened. */
  public static String shown(String value) {
    return "\"" + Texts.shortened(value) + "\"";
  }

  /** Notes names that are there twice. */
  static final class Unique {
    private final Set<String> seen = new HashSet<>();
    private final String what;
    private final Findings findings;

    Unique(String what, Findings findings) {
      this.what = what;
      this.findings = findings;
    }

    void add(String value, String path) {
      if (value != null && !seen.add(value)) {
        findings.add(path, "a second " + what + " " + shown(value) + "; give it another");
      }
    }
  }
}
