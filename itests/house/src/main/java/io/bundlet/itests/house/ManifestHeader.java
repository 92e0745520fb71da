package io.bundlet.itests.house;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A header such as Import-Package: packages, each with attributes and directives (these end in a colon). */
final class ManifestHeader {
  private ManifestHeader() {}

  /** Reads a header; null is an empty one. */
  static Map<String, Map<String, String>> read(String header) {
    Map<String, Map<String, String>> packages = new LinkedHashMap<>();
    for (String clause : split(header == null ? "" : header, ',')) {
      Map<String, String> attributes = new LinkedHashMap<>();
      List<String> names = new ArrayList<>();
      for (String part : split(clause, ';')) {
        int equals = part.indexOf('=');
        if (equals < 0) {
          names.add(part.strip());
        } else {
          attributes.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip().replace("\"", ""));
        }
      }
      names.forEach(name -> packages.put(name, attributes));
    }
    return packages;
  }

  private static List<String> split(String text, char at) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '"') {
        quoted = !quoted;
      } else if (text.charAt(i) == at && !quoted) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    parts.removeIf(String::isBlank);
    return parts;
  }
}
