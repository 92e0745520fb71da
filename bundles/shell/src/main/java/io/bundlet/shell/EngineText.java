package io.bundlet.shell;

import io.bundlet.api.wasm.EngineInfo;
import io.bundlet.api.wasm.EngineState;
import java.util.List;
import java.util.TreeSet;

/** How engines are printed. */
final class EngineText {
  private EngineText() {}

  static String list(List<EngineState> engines) {
    Table table = new Table("NAME", "VERSION", "WASI", "GUESTS", "LACKS");
    for (EngineState engine : engines) {
      table.row(
          engine.info().name(), engine.info().version(), wasi(engine), engine.guests(),
          String.join(",", lacks(engine.info())));
    }
    return table.toString();
  }

  static String inspect(EngineState engine) {
    EngineInfo info = engine.info();
    StringBuilder text = new StringBuilder();
    PodText.field(text, "Name", info.name());
    PodText.field(text, "Version", info.version());
    PodText.field(text, "WASI", wasi(engine));
    PodText.field(text, "Imports", engine.wasi().isEmpty() ? "(none)" : String.join(", ", engine.wasi()));
    PodText.field(text, "Guests", Integer.toString(engine.guests()));
    PodText.field(text, "Memory", info.guestMemoryInHeap() ? "in the Java heap" : "outside the Java heap");
    PodText.field(text, "Features", String.join(", ", new TreeSet<>(info.features())));
    PodText.field(text, "Lacks", String.join(", ", lacks(info)));
    info.gaps().forEach(gap -> PodText.field(text, "Gap", gap));
    return text.toString().stripTrailing();
  }

  /** Who offers WASI to its guests. */
  private static String wasi(EngineState engine) {
    return engine.info().nativeWasi() ? "own" : engine.wasi().isEmpty() ? "none" : "host module";
  }

  private static List<String> lacks(EngineInfo info) {
    return EngineInfo.PROPOSALS.stream().filter(proposal -> !info.features().contains(proposal)).toList();
  }
}
