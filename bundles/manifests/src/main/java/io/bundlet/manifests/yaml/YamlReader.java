package io.bundlet.manifests.yaml;

import io.bundlet.manifests.yaml.YamlValue.Field;
import io.bundlet.manifests.yaml.YamlValue.Mapping;
import io.bundlet.manifests.yaml.YamlValue.Scalar;
import io.bundlet.manifests.yaml.YamlValue.ScalarType;
import io.bundlet.manifests.yaml.YamlValue.Sequence;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/**
 * Reads one document from the parser's events. The tree is made here and not by the library so that depth and size are
 * bounded while reading, aliases counted as often as they are used, and every value keeps its line.
 */
public final class YamlReader {
  /** Deeper than any Kubernetes object, shallow enough for any stack. */
  static final int MAX_DEPTH = 64;
  /** Values of a document, those behind aliases counted at each use. */
  static final int MAX_VALUES = 500_000;

  /** What is longer is text: to make a number of a million digits takes seconds. */
  private static final int LONGEST_NUMBER = 100;

  private static final ScalarResolver RESOLVER = new CoreScalarResolver(false);
  private static final LoadSettings SETTINGS = LoadSettings.builder()
      .setUseMarks(true).setCodePointLimit(Integer.MAX_VALUE).setParseComments(false).build();

  private record Anchored(YamlValue value, int size) {}

  private final int lineOffset;
  private final Iterator<Event> events;
  private final Map<Anchor, Anchored> anchors = new HashMap<>();
  private int values;

  private YamlReader(YamlDocuments.Text document) {
    lineOffset = document.firstLine();
    events = new Parse(SETTINGS).parseString(document.text()).iterator();
  }

  /**
   * Reads a document.
   *
   * @throws YamlProblem when it is no YAML, or deeper or larger than allowed
   */
  public static YamlValue read(YamlDocuments.Text document) throws YamlProblem {
    YamlReader reader = new YamlReader(document);
    try {
      return reader.document();
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + reader.lineOffset).orElse(reader.lineOffset);
      throw new YamlProblem(line, "this is no YAML: " + SyntaxWords.of(e.getContext(), e.getProblem()));
    } catch (YamlEngineException e) {
      throw new YamlProblem(reader.lineOffset, "this is no YAML: " + Texts.shortened(String.valueOf(e.getMessage())));
    }
  }

  private YamlValue document() throws YamlProblem {
    while (events.hasNext()) {
      Event event = events.next();
      if (event instanceof NodeEvent node) {
        YamlValue root = value(node, 0);
        finish();
        return root;
      }
    }
    return new Scalar(lineOffset, ScalarType.NULL, "");
  }

  private void finish() throws YamlProblem {
    while (events.hasNext()) {
      Event event = events.next();
      if (event instanceof NodeEvent) {
        throw new YamlProblem(line(event), "a second document without a \"---\" line before it");
      }
    }
  }

  private YamlValue value(NodeEvent event, int depth) throws YamlProblem {
    int line = line(event);
    if (depth > MAX_DEPTH) {
      throw new YamlProblem(line, "nested deeper than " + MAX_DEPTH + " levels");
    }
    int before = values;
    count(1, line);
    YamlValue read = switch (event.getEventId()) {
      case Alias -> aliased((AliasEvent) event, line);
      case Scalar -> scalar((ScalarEvent) event, line);
      case SequenceStart -> sequence(line, depth);
      case MappingStart -> mapping(line, depth);
      default -> throw new YamlProblem(line, "this is no YAML: unexpected " + event.getEventId());
    };
    Optional<Anchor> anchor = event.getAnchor();
    if (anchor.isPresent() && !(event instanceof AliasEvent)) {
      anchors.put(anchor.get(), new Anchored(read, values - before));
    }
    return read;
  }

  private YamlValue aliased(AliasEvent event, int line) throws YamlProblem {
    Anchored anchored = anchors.get(event.getAlias());
    if (anchored == null) {
      throw new YamlProblem(line, "the alias *" + Texts.shortened(event.getAlias().toString())
          + " names no anchor that is complete above it");
    }
    count(anchored.size(), line);
    return anchored.value();
  }

  private void count(int more, int line) throws YamlProblem {
    values += more;
    if (values > MAX_VALUES) {
      throw new YamlProblem(line, "more than " + MAX_VALUES + " values in one document, those behind aliases included");
    }
  }

  private YamlValue sequence(int line, int depth) throws YamlProblem {
    List<YamlValue> items = new ArrayList<>();
    for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
      items.add(value((NodeEvent) event, depth + 1));
    }
    return new Sequence(line, items);
  }

  private YamlValue mapping(int line, int depth) throws YamlProblem {
    Map<String, Field> fields = new LinkedHashMap<>();
    for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
      int keyLine = line(event);
      if (!(value((NodeEvent) event, depth + 1) instanceof Scalar key)) {
        throw new YamlProblem(keyLine, "a map's key must be text, not a list or a map");
      }
      YamlValue value = value((NodeEvent) events.next(), depth + 1);
      Field earlier = fields.putIfAbsent(key.text(), new Field(keyLine, value));
      if (earlier != null) {
        throw new YamlProblem(keyLine, "the field \"" + Texts.shortened(key.text())
            + "\" is there twice, first in line "
            + earlier.line() + "; remove one");
      }
    }
    return new Mapping(line, fields);
  }

  private Scalar scalar(ScalarEvent event, int line) throws YamlProblem {
    String text = event.getValue();
    boolean mayBeNumber = text.length() <= LONGEST_NUMBER;
    Tag tag = event.getTag().map(Tag::new).orElseGet(() -> RESOLVER.resolve(text, event.isPlain() && mayBeNumber));
    if (!mayBeNumber && !tag.equals(Tag.STR)) {
      throw new YamlProblem(line, Texts.shortened(text) + " is longer than anything of the type " + tag.getValue());
    } else if (tag.equals(Tag.NULL)) {
      return new Scalar(line, ScalarType.NULL, "");
    } else if (tag.equals(Tag.BOOL)) {
      return new Scalar(line, ScalarType.BOOLEAN, text.toLowerCase(java.util.Locale.ROOT));
    } else if (tag.equals(Tag.INT)) {
      return new Scalar(line, ScalarType.INTEGER, decimal(text, line));
    } else if (tag.equals(Tag.FLOAT)) {
      return new Scalar(line, ScalarType.NUMBER, text);
    } else if (tag.equals(Tag.STR)) {
      return new Scalar(line, ScalarType.TEXT, text);
    }
    throw new YamlProblem(line, "the tag " + Texts.shortened(tag.getValue()) + " is not supported; leave it out");
  }

  /** A leading zero means octal, as everywhere in Kubernetes: a mode of 0644 is 420. */
  private static String decimal(String text, int line) throws YamlProblem {
    String digits = text.startsWith("+") || text.startsWith("-") ? text.substring(1) : text;
    String sign = text.startsWith("-") ? "-" : "";
    try {
      if (digits.startsWith("0x")) {
        return sign + new BigInteger(digits.substring(2), 16);
      } else if (digits.startsWith("0o")) {
        return sign + new BigInteger(digits.substring(2), 8);
      } else if (digits.matches("0[0-7]+")) {
        return sign + new BigInteger(digits, 8);
      }
      return sign + new BigInteger(digits);
    } catch (NumberFormatException e) {
      throw new YamlProblem(line, "\"" + Texts.shortened(text) + "\" is no number");
    }
  }

  private int line(Event event) {
    return event.getStartMark().map(Mark::getLine).orElse(0) + lineOffset;
  }
}
