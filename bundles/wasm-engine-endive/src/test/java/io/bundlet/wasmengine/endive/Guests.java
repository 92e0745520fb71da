package io.bundlet.wasmengine.endive;

import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.HostFunction;
import io.bundlet.api.wasm.Imports;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.WasmInstance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Loads the test guests. */
final class Guests {
  static final CompileLimits LIMITS = new CompileLimits(10 << 20, 20 * 65536, 5000);

  static final HostFunction NOTHING = (memory, args, results) -> {};

  private Guests() {}

  static byte[] bytes(String name) throws IOException {
    try (InputStream in = Guests.class.getResourceAsStream("/wasm/" + name + ".wasm")) {
      return in.readAllBytes();
    }
  }

  static CompiledModule compile(Path directory, byte[] wasm, CompileLimits limits) throws IOException, InvalidModule {
    Path file = Files.write(directory.resolve("module.wasm"), wasm);
    return new EndiveEngine().compile(file, "sha256:" + "0".repeat(64), limits);
  }

  static WasmInstance guest(Path directory, HostFunction add, HostFunction stop) throws IOException, InvalidModule {
    return compile(directory, bytes("guest"), LIMITS).instantiate(spec(), imports(Map.of("add", add, "stop", stop)));
  }

  static WasmInstance guest(Path directory) throws IOException, InvalidModule {
    return guest(directory, NOTHING, NOTHING);
  }

  static InstanceSpec spec() {
    return new InstanceSpec("test", Optional.empty());
  }

  static Imports imports(Map<String, HostFunction> functions) {
    return wanted -> Optional.ofNullable(functions.get(wanted.name()));
  }

  static long call(WasmInstance instance, String export, long... args) throws GuestTrap {
    long[] results = new long[1];
    instance.call(export, args, results);
    return results[0];
  }
}
