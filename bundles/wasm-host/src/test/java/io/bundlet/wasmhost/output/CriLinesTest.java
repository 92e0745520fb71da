package io.bundlet.wasmhost.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  @Test
  void betweenTwoLinesNothingIsHeld() {
    assertEquals("", add("part"));
    assertTrue(lines.held() >= 4 && lines.held() < 1024, lines.held() + " bytes for a part of four");
    assertEquals("F parts\nF whole\n", add("s\nwhole\n"));
    assertEquals(0, lines.held());
    add("x".repeat(10_000));
    assertEquals("F " + "x".repeat(10_000) + "\n", add("\n"));
    add("last");
    lines.finish(out);
    assertEquals(0, lines.held());
  }
}
