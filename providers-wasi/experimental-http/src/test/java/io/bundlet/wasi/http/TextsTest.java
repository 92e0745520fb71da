package io.bundlet.wasi.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of guests and of annotations. */
class TextsTest {
  @Test
  void listsOfTextsAreRead() {
    assertEquals(List.of(), TextList.of(" [ ] "));
    assertEquals(List.of("a", "b\"\\/\n\u00e9"), TextList.of("[\"a\" ,\n\"b\\\"\\\\\\/\\n\\u00e9\"]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "", "a", "[", "[\"a\"", "[\"a\",]", "[a]", "[\"a\" \"b\"]", "[\"a\"] x", "[\"\\x\"]", "[\"\\u12\"]",
      "[\"\\u12g4\"]", "[\"a\nb\"]", "{\"a\": 1}", "[1]", "[[\"a\"]]", "\"a\""})
  void whatIsNoListOfTextsIsRefused(String json) {
    assertThrows(IllegalArgumentException.class, () -> TextList.of(json));
  }

  @ParameterizedTest
  @CsvSource({
      "http://example.com, https://EXAMPLE.com:8443/path?query#part, SUCCESS",
      "http://example.com, http://sub.example.com, DESTINATION_NOT_ALLOWED",
      "http://example.com, http://example.com.evil.org, DESTINATION_NOT_ALLOWED",
      "http://example.com, http://example.com@evil.org/, DESTINATION_NOT_ALLOWED",
      "http://example.com, http://evil.org/http://example.com, DESTINATION_NOT_ALLOWED",
      "http://example.com, http://evil.org#@example.com, DESTINATION_NOT_ALLOWED",
      "http://example.com, http://evil.org\\@example.com, INVALID_URL",
      "http://bücher.example, http://xn--bcher-kva.example/ü, SUCCESS",
      "http://xn--bcher-kva.example, http://BÜCHER.example/ü?ü, SUCCESS",
      "http://[::1], http://[0:0:0:0:0:0:0:1]:80/, SUCCESS",
      "http://127.0.0.1, http://0x7f.1, INVALID_URL",
      "http://127.0.0.1, http://2130706433, DESTINATION_NOT_ALLOWED",
      "insecure:allow-all, http://example.com, INVALID_URL",
      "localhost:8080, http://localhost:8080, INVALID_URL",
      "*, http://example.com, INVALID_URL"})
  void hostsAreEqualOrOthers(String allowed, String url, Code expected) {
    Code code = Code.SUCCESS;
    try {
      Destinations.of(List.of(allowed)).require(Destinations.url(url));
    } catch (Refused refused) {
      code = refused.code();
    }
    assertEquals(expected, code);
  }

  @Test
  void headersAreReadLineByLine() throws Exception {
    assertEquals(Map.of(), HeaderText.read(""));
    assertEquals(Map.of("a", " b:c", "d", ""), HeaderText.read("A: b:c\r\nd:\n"));
    assertEquals(Map.of("a", "2"), HeaderText.read("a:1\nA:2"));
    for (String text : List.of("\n", "a:1\n\nb:2", ":v", "a(b:1", "a:\u00e9", "a:b\u0000", "a\u00e9:b")) {
      assertEquals(
          Code.INVALID_ENCODING, assertThrows(Refused.class, () -> HeaderText.read(text), text).code(), text);
    }
  }

  @Test
  void headersAreWrittenIfTheyCanBe() throws Exception {
    String utf8 = new String("é".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertEquals(
        "a:1\na:é\n",
        new String(HeaderText.write(List.of(Map.entry("a", "1"), Map.entry("a", utf8))), StandardCharsets.UTF_8));
    for (Map.Entry<String, String> bad
        : List.of(Map.entry("a", "\u00e9"), Map.entry("a b", "c"), Map.entry("a", "b\tc"))) {
      assertEquals(Code.RUNTIME, assertThrows(Refused.class, () -> HeaderText.write(List.of(bad))).code());
    }
  }
}
