package io.bundlet.launcher.settings;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** What stands at one place of a file, with words for what is wrong with it. Types are not guessed, as in Go. */
final class Value {
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}");
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?)(ns|us|µs|ms|s|m|h)");
  private static final Map<String, BigDecimal> NANOS = Map.of("ns", BigDecimal.ONE, "us", new BigDecimal(1_000),
      "µs", new BigDecimal(1_000), "ms", new BigDecimal(1_000_000), "s", new BigDecimal(1_000_000_000L),
      "m", new BigDecimal(60_000_000_000L), "h", new BigDecimal(3_600_000_000_000L));
  private static final BigDecimal MOST = NANOS.get("h").multiply(new BigDecimal(24 * 365));
  private static final String TEXT = "a text";
  private static final int MOST_MEMBERS = 10_000;

  private final Path file;
  private final String path;
  private final Node node;

  Value(Path file, String path, Node node) {
    this.file = file;
    this.path = path;
    this.node = node;
  }

  /** The key, with those above it. */
  String path() {
    return path;
  }

  Path file() {
    return file;
  }

  /** The place, for people. */
  String where() {
    return place(node) + ": " + path;
  }

  private String place(Node at) {
    return file + at.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
  }

  SettingsFailure failure(String sentence) {
    return new SettingsFailure(place(node) + ": " + (path.isEmpty() ? "" : path + ": ") + sentence);
  }

  /** Whether the key stands there with nothing behind it, which is as if it were not there. */
  boolean isNull() {
    return node.getTag().equals(Tag.NULL);
  }

  private SettingsFailure type(String wanted) {
    String is = switch (node) {
      case MappingNode map -> "an object";
      case SequenceNode list -> "a list";
      case ScalarNode scalar -> scalar.getTag().equals(Tag.STR) ? "the text '" + shown(scalar) + "'" : shown(scalar);
      default -> "something else";
    };
    boolean quotes = wanted.equals(TEXT) && node instanceof ScalarNode;
    return failure("is " + is + ", but has to be " + wanted + (quotes ? "; put it in quotes" : ""));
  }

  private static String shown(ScalarNode scalar) {
    String text = scalar.getValue();
    return text.length() > 60 ? text.substring(0, 60) + "..." : text;
  }

  String text() throws SettingsFailure {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
      return scalar.getValue();
    }
    throw type(TEXT);
  }

  /** A text or a number, as the text that it is. */
  String word() throws SettingsFailure {
    if (node instanceof ScalarNode scalar && !isNull()) {
      return scalar.getValue();
    }
    throw type("a text or a number");
  }

  boolean truth() throws SettingsFailure {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
      return Boolean.parseBoolean(scalar.getValue());
    }
    throw type("true or false");
  }

  long number(long least, long most) throws SettingsFailure {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT)) {
      return number(scalar.getValue(), least, most);
    }
    throw type("a whole number");
  }

  /** A number that may stand in quotes. */
  long quotedNumber(long least, long most) throws SettingsFailure {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)
        && NUMBER.matcher(scalar.getValue()).matches()) {
      return number(scalar.getValue(), least, most);
    }
    return number(least, most);
  }

  private long number(String text, long least, long most) throws SettingsFailure {
    if (NUMBER.matcher(text).matches()) {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw failure("is " + text + ", but has to be a whole number from " + least + " to " + most);
  }

  /** A time as Go writes it, such as {@code 1m30s}; not negative. */
  Duration duration() throws SettingsFailure {
    String text = text();
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher parts = DURATION.matcher(text);
    int end = 0;
    while (parts.find() && parts.start() == end) {
      nanos = nanos.add(new BigDecimal(parts.group(1)).multiply(NANOS.get(parts.group(2))));
      end = parts.end();
    }
    if (text.isEmpty() || end != text.length() && !text.equals("0")) {
      throw failure("'" + (text.length() > 60 ? text.substring(0, 60) + "..." : text)
          + "' is no time such as 30s, 1m30s or 500ms");
    }
    if (nanos.compareTo(MOST) > 0) {
      throw failure("is longer than a year");
    }
    return Duration.ofNanos(nanos.setScale(0, RoundingMode.CEILING).longValueExact());
  }

  /** A file; what is relative is looked up beside this one. Empty if nothing is said. */
  String file(String text) throws SettingsFailure {
    try {
      return text.isEmpty() ? "" : file.toAbsolutePath().resolveSibling(text).normalize().toString();
    } catch (InvalidPathException e) {
      throw failure("is no path: " + e.getReason());
    }
  }

  List<Value> members() throws SettingsFailure {
    if (!(node instanceof SequenceNode list)) {
      throw type("a list");
    }
    if (list.getValue().size() > MOST_MEMBERS) {
      throw failure("has more than " + MOST_MEMBERS + " members");
    }
    List<Value> members = new ArrayList<>();
    for (Node each : list.getValue()) {
      members.add(new Value(file, path + "[" + members.size() + "]", each));
    }
    return members;
  }

  List<String> texts() throws SettingsFailure {
    List<String> texts = new ArrayList<>();
    for (Value member : members()) {
      texts.add(member.text());
    }
    return texts;
  }

  /** The keys of an object in their order, each with what stands behind it. */
  List<Entry> entries() throws SettingsFailure {
    if (!(node instanceof MappingNode map)) {
      throw type("an object");
    }
    if (map.getValue().size() > MOST_MEMBERS) {
      throw failure("has more than " + MOST_MEMBERS + " keys");
    }
    List<Entry> entries = new ArrayList<>();
    Map<String, Node> seen = new HashMap<>();
    for (NodeTuple tuple : map.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw new SettingsFailure(place(tuple.getKeyNode()) + ": a key that is no text");
      }
      String name = key.getValue();
      Node before = seen.put(name, key);
      if (before != null) {
        throw new SettingsFailure(place(key) + ": " + below(name) + ": stands there twice; the other one is in line "
            + before.getStartMark().map(mark -> mark.getLine() + 1).orElse(0));
      }
      entries.add(new Entry(name, new Value(file, below(name), tuple.getValueNode()), key));
    }
    return entries;
  }

  private String below(String name) {
    String text = name.length() > 60 ? name.substring(0, 60) + "..." : name;
    return path.isEmpty() ? text : path + "." + text;
  }

  /** Says that a key means nothing. @param known what could have been meant */
  SettingsFailure unknown(Entry entry, Collection<String> known) {
    String meant = known.stream().filter(each -> each.equalsIgnoreCase(entry.name)).findFirst()
        .map(each -> "; is " + each + " meant?").orElse("");
    return new SettingsFailure(place(entry.key) + ": " + entry.value.path + ": there is no such key" + meant);
  }

  /** Whether it says nothing: empty, zero or false. */
  boolean isEmpty() {
    return switch (node) {
      case MappingNode map -> map.getValue().isEmpty();
      case SequenceNode list -> list.getValue().isEmpty();
      case ScalarNode scalar -> isNull() || List.of("", "0", "0s", "0.0", "false").contains(scalar.getValue());
      default -> false;
    };
  }

  /** The value as it is written, lists and objects on one line without their inner ones; to be compared. */
  String written() {
    return switch (node) {
      case ScalarNode scalar -> scalar.getValue();
      case SequenceNode list -> list.getValue().stream().limit(MOST_MEMBERS)
          .map(each -> each instanceof ScalarNode scalar ? scalar.getValue() : "?")
          .collect(Collectors.joining(",", "[", "]"));
      default -> "?";
    };
  }

  /** A key of an object. */
  record Entry(String name, Value value, Node key) {}
}
