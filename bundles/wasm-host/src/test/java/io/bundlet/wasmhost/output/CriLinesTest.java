package io.bundlet.wasmhost.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class CriLinesTest {
  private static final String TIME = "2026-11-23T02:38:01.051014150Z";
  private static final String LONGEST = "x".repeat(CriLines.LONGEST);

  private final CriLines lines = new CriLines("stdout", Clock.fixed(Instant.parse(TIME), ZoneOffset.UTC));
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private String add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    lines.add(bytes, 0, bytes.length, out);
    return take();
  }

  private String take() {
    String written = out.toString(StandardCharsets.UTF_8);
    out.reset();
    return written.replace(TIME + " stdout ", "");
  }

  @Test
  void aLineIsWrittenWhenItIsComplete() {
    assertEquals("", add("half"));
    assertEquals("F half done\nF \n", add(" done\n\n"));
  }

  @Test
  void theTimeHasNineDigits() {
    lines.add(new byte[] {'a', '\n'}, 0, 2, out);
    assertEquals(TIME + " stdout F a\n", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aLineOfTheLongestLengthIsOneLine() {
    assertEquals("", add(LONGEST));
    assertEquals("F " + LONGEST + "\n", add("\n"));
  }

  @Test
  void aLongerLineComesInParts() {
    assertEquals("P " + LONGEST + "\nP " + LONGEST + "\nF y\n", add(LONGEST + LONGEST + "y\n"));
  }

  @Test
  void aLastLineWithoutItsEndIsWrittenAtTheEnd() {
    add("last");
    lines.finish(out);
    assertEquals("F last\n", take());
    lines.finish(out);
    assertEquals("", take());
  }
}
