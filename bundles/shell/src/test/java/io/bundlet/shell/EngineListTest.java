package io.bundlet.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.wasm.EngineInfo;
import io.bundlet.api.wasm.EngineState;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.felix.service.command.Converter;
import org.junit.jupiter.api.Test;

class EngineListTest {
  private static final TableConverter PRINTED = new TableConverter(InstantSource.system());

  private static EngineState engine(String name, boolean own, Set<String> wasi, String... lacks) {
    Set<String> features = new HashSet<>(EngineInfo.PROPOSALS);
    features.removeAll(Set.of(lacks));
    return new EngineState(
        new EngineInfo(name, "1.0", features, own, 1 << 20, true, List.of("no clocks", "no sockets")), wasi, 3);
  }

  @Test
  void enginesStandInATable() {
    Listing listing =
        new Listing(
            List.of(
                engine("endive", false, Set.of(EngineState.PREVIEW1), "simd", "gc"),
                engine("plain", false, Set.of()),
                engine("wasmtime", true, Set.of(EngineState.PREVIEW1), "tail-call")),
            "no engines");
    assertEquals(
        """
        NAME      VERSION  WASI         GUESTS  LACKS
        endive    1.0      host module  3       simd,gc
        plain     1.0      none         3       -
        wasmtime  1.0      own          3       tail-call""",
        PRINTED.format(listing, Converter.INSPECT, null).toString());
  }

  @Test
  void oneIsShownWithAllThatItLacks() {
    String text =
        PRINTED.format(engine("endive", false, Set.of(EngineState.PREVIEW1), "simd"), Converter.INSPECT, null)
            .toString();
    assertEquals(
        """
        Name      endive
        Version   1.0
        WASI      host module
        Imports   wasi_snapshot_preview1
        Guests    3
        Memory    in the Java heap""",
        text.substring(0, text.indexOf("\nFeatures")));
    assertEquals(
        """
        Lacks     simd
        Gap       no clocks
        Gap       no sockets""",
        text.substring(text.indexOf("Lacks")));
  }
}
