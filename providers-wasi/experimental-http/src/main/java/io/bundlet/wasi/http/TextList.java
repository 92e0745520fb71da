package io.bundlet.wasi.http;

import java.util.ArrayList;
import java.util.List;

/** Reads a list of texts as JSON (RFC 8259) has it, and nothing else of JSON. */
final class TextList {
  private final String json;
  private int at;

  private TextList(String json) {
    this.json = json;
  }

  /** The texts. @throws IllegalArgumentException with what is wrong and where */
  static List<String> of(String json) {
    return new TextList(json).list();
  }

  private List<String> list() {
    List<String> texts = new ArrayList<>();
    expect('[');
    if (next() == ']') {
      at++;
    } else {
      texts.add(text());
      while (next() == ',') {
        at++;
        texts.add(text());
      }
      expect(']');
    }
    if (next() != 0) {
      throw wrong("its end");
    }
    return texts;
  }

  /** The next character that is no space, 0 at the end. */
  private char next() {
    while (at < json.length() && " \t\r\n".indexOf(json.charAt(at)) >= 0) {
      at++;
    }
    return at < json.length() ? json.charAt(at) : 0;
  }

  private void expect(char wanted) {
    if (next() != wanted) {
      throw wrong("'" + wanted + "'");
    }
    at++;
  }

  private String text() {
    expect('"');
    StringBuilder text = new StringBuilder();
    while (true) {
      char c = character("the end of a text");
      if (c == '"') {
        return text.toString();
      }
      if (c < ' ') {
        at--;
        throw wrong("a text without control characters");
      }
      text.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() {
    char c = character("an escaped character");
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> code();
      default -> throw wrong("an escaped character");
    };
  }

  private char code() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(character("four hexadecimal digits"), 16);
      if (digit < 0) {
        throw wrong("four hexadecimal digits");
      }
      code = code << 4 | digit;
    }
    return (char) code;
  }

  private char character(String wanted) {
    if (at >= json.length()) {
      throw wrong(wanted);
    }
    return json.charAt(at++);
  }

  private IllegalArgumentException wrong(String wanted) {
    return new IllegalArgumentException("no list of texts: " + wanted + " was expected at character " + at);
  }
}
