package io.bundlet.plugins;

import io.bundlet.api.runtime.RuntimeProvider;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.volume.VolumeDriver;
import io.bundlet.api.wasm.CapabilityProvider;
import io.bundlet.api.wasm.EngineInfo;
import io.bundlet.api.wasm.HostModule;
import io.bundlet.api.wasm.WasmEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The services that vendors implement, and what each of them says of itself. */
enum SpiKind {
  RUNTIME("runtime", RuntimeProvider.class, RuntimeProvider.NAME) {
    @Override
    Live ask(Object service) {
      RuntimeStatus status = ((RuntimeProvider) service).status();
      List<String> details = new ArrayList<>();
      details.add("handlers: " + String.join(", ", new TreeSet<>(status.handlers().keySet())));
      details.add("runtime: " + status.runtimeName() + " " + status.version());
      String message = status.reason().isEmpty() ? "" : status.reason() + ": " + status.message();
      return new Live(status.ready(), message, details);
    }
  },
  ENGINE("engine", WasmEngine.class, WasmEngine.NAME) {
    @Override
    Live ask(Object service) {
      EngineInfo info = ((WasmEngine) service).info();
      return new Live(true, "", List.of(
          "engine: " + info.name() + " " + info.version(),
          "features: " + String.join(", ", new TreeSet<>(info.features())),
          "WASI: " + (info.nativeWasi() ? "the engine's own" : "host module")));
    }
  },
  HOST_MODULE("host-module", HostModule.class, HostModule.MODULE) {
    @Override
    Live ask(Object service) {
      HostModule module = (HostModule) service;
      return new Live(true, "", List.of(
          "functions: " + String.join(", ", new TreeMap<>(module.functions()).keySet()),
          "exchange: " + (module.rebindable() ? "guests go on" : "guests are restarted")));
    }
  },
  CAPABILITY("capability", CapabilityProvider.class, CapabilityProvider.CAPABILITY),
  VOLUME("volume", VolumeDriver.class, VolumeDriver.KIND);

  private final String word;
  private final Class<?> type;
  private final String property;

  SpiKind(String word, Class<?> type, String property) {
    this.word = word;
    this.type = type;
    this.property = property;
  }

  /** What a service says of itself now. */
  record Live(boolean ready, String message, List<String> details) {}

  String word() {
    return word;
  }

  String type() {
    return type.getName();
  }

  /** The service property that holds the name. */
  String property() {
    return property;
  }

  Live ask(Object service) {
    return new Live(true, "", List.of());
  }

  static Optional<SpiKind> of(String type) {
    for (SpiKind kind : values()) {
      if (kind.type().equals(type)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
