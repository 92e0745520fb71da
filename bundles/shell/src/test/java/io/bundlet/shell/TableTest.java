package io.bundlet.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.admin.PodView;
import io.bundlet.api.admin.ProviderView;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.felix.service.command.Converter;
import org.junit.jupiter.api.Test;

class TableTest {
  private final TableConverter converter = new TableConverter(InstantSource.fixed(Instant.ofEpochSecond(200)));

  @Test
  void columnsLineUp() {
    PodView pod =
        new PodView("default", "a-long-name", "u", "manifests", "Running", "Running", "", "", "wasi", "wasi", "",
        "Always", Optional.of(Instant.ofEpochSecond(10)), List.of(), List.of());
    PodView other =
        new PodView("x", "b", "v", "manifests", "Pending", "Admission", "RuntimeProviderMissing", "", "", "",
        "", "Never", Optional.empty(), List.of(), List.of());
    assertEquals(
        """
        NAMESPACE  NAME         READY  PHASE    STATE      RESTARTS  HANDLER  PROVIDER  AGE    REASON
        default    a-long-name  0/0    Running  Running    0         wasi     wasi      3m10s  -
        x          b            0/0    Pending  Admission  0         -        -         -      RuntimeProvider\
        Missing""",
        converter.format(TableConverter.pods(List.of(pod, other)), Converter.INSPECT, null).toString());
  }

  @Test
  void controlCharactersDoNotReachTheTerminal() {
    ProviderView view = new ProviderView("n\u001b[2J", "runtime", "b", "1", "plugin", "Failed", "one\ntwo", List.of());
    assertEquals(
        """
        NAME   KIND     STATE   ORIGIN  VERSION  BUNDLE  MESSAGE
        n [2J  runtime  Failed  plugin  1        b       one""",
        converter.format(new Listing(List.of(view), ""), Converter.INSPECT, null).toString());
  }

  @Test
  void nothingIsSaidInWords() {
    assertEquals("no pods", converter.format(TableConverter.pods(List.of()), Converter.INSPECT, null).toString());
  }
}
