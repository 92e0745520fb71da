package io.bundlet.wascc.wapc;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.GuestCalls;
import io.bundlet.api.wasm.GuestContext;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.RequestFailure;
import io.bundlet.api.wasm.WasiSettings;
import io.bundlet.api.wasm.WasmInstance;
import io.bundlet.wasmengine.endive.EndiveEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** An actor on the real engine, with as little of a host around it as will do. */
final class Actor implements GuestContext, GuestCalls {
  static final Path ECHO = Path.of("../../runtime/examples/echo/echo.wasm");
  static final String ID = "wascc-test-1";

  final List<String> logged = new ArrayList<>();
  final ConcurrentMap<String, Object> attributes = new ConcurrentHashMap<>();
  final WasmInstance instance;
  private final List<String> exports;
  private volatile WapcModule wapc;

  Actor(WapcModule wapc, Path module) throws Exception {
    this.wapc = wapc;
    var compiled = new EndiveEngine()
        .compile(module, "sha256:" + "0".repeat(64), new CompileLimits(1 << 20, 64 * 65536, 1000));
    exports = compiled.exports();
    instance = compiled.instantiate(new InstanceSpec("test", Optional.empty()), wanted -> {
      if (!wanted.type().equals(this.wapc.functions().get(wanted.name()))) {
        return Optional.empty();
      }
      return Optional.of((memory, args, results) -> this.wapc.call(wanted.name(), this, memory, args, results));
    });
    wapc.open(this, this);
  }

  static Actor guest(WapcModule wapc, String name) throws Exception {
    return new Actor(wapc, Path.of("src/test/resources/wasm/" + name + ".wasm"));
  }

  /** From now on another module serves this actor, as after an update of the bundle. */
  void rebind(WapcModule other) {
    wapc = other;
  }

  String line(String payload) throws GuestTrap, RequestFailure {
    byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
    return new String(wapc.request(this, this, "HandleLine", bytes), StandardCharsets.UTF_8);
  }

  byte[] sized(int payload) throws GuestTrap, RequestFailure {
    return wapc.request(this, this, "x", new byte[payload]);
  }

  @Override
  public boolean exports(String function) {
    return exports.contains(function);
  }

  @Override
  public void call(String function, long[] args, long[] results) throws GuestTrap {
    instance.call(function, args, results);
  }

  @Override
  public ContainerId container() {
    return new ContainerId(ID);
  }

  @Override
  public PodId pod() {
    return new PodId("default", "echo", "1");
  }

  @Override
  public Map<String, String> annotations() {
    return Map.of();
  }

  @Override
  public Optional<WasiSettings> wasi() {
    return Optional.empty();
  }

  @Override
  public ConcurrentMap<String, Object> attributes() {
    return attributes;
  }

  @Override
  public void log(String line) {
    logged.add(line);
  }

  @Override
  public String toString() {
    return Arrays.toString(logged.toArray());
  }
}
