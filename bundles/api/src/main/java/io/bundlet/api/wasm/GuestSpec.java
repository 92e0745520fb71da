package io.bundlet.api.wasm;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How wasm-host is to run a container.
 *
 * @param engine the engine's name
 * @param module the module's file
 * @param digest the module's digest, {@code sha256:...}
 * @param protocol the module name of the {@link GuestProtocol} that serves it; empty: a command, which runs
 *     {@code _start} from its begin to its end
 * @param args a command's arguments, the program's name first
 * @param limits bounds for module, memory and tables
 * @param bindings for an actor: capability ids, each with its configuration
 */
public record GuestSpec(
    String engine,
    Path module,
    String digest,
    String protocol,
    List<String> args,
    CompileLimits limits,
    Map<String, Map<String, String>> bindings) {
  public GuestSpec {
    Objects.requireNonNull(module);
    args = List.copyOf(args);
    bindings = Map.copyOf(bindings);
  }

  /** A WASI command. */
  public static GuestSpec command(
      String engine, Path module, String digest, List<String> args, CompileLimits limits) {
    return new GuestSpec(engine, module, digest, "", args, limits, Map.of());
  }

  /** An actor that answers requests. */
  public static GuestSpec actor(
      String engine,
      Path module,
      String digest,
      String protocol,
      CompileLimits limits,
      Map<String, Map<String, String>> bindings) {
    return new GuestSpec(engine, module, digest, protocol, List.of(), limits, bindings);
  }
}
