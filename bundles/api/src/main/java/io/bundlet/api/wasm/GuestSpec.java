package io.bundlet.api.wasm;

import java.net.InetSocketAddress;
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
 * @param args a command's arguments, by custom the program's name first
 * @param limits bounds for module, memory and tables
 * @param stopDirectory where a command sees a directory that is empty until it is asked to stop and then holds a file
 *     {@link #STOP_FILE}; empty: nowhere
 * @param listen addresses of the node at which a command gets sockets that listen, see {@link WasiSettings#listen}
 * @param bindings for an actor: capability ids, each with its configuration
 */
public record GuestSpec(
    String engine,
    Path module,
    String digest,
    String protocol,
    List<String> args,
    CompileLimits limits,
    String stopDirectory,
    List<InetSocketAddress> listen,
    Map<String, Map<String, String>> bindings) {
  /** The file that tells a command to stop. */
  public static final String STOP_FILE = "stop";

  public GuestSpec {
    Objects.requireNonNull(module);
    Objects.requireNonNull(stopDirectory);
    args = List.copyOf(args);
    listen = List.copyOf(listen);
    bindings = Map.copyOf(bindings);
  }

  /** A guest that learns in no directory that it is to stop, and has no sockets. */
  public GuestSpec(
      String engine,
      Path module,
      String digest,
      String protocol,
      List<String> args,
      CompileLimits limits,
      Map<String, Map<String, String>> bindings) {
    this(engine, module, digest, protocol, args, limits, "", List.of(), bindings);
  }

  /** A WASI command. */
  public static GuestSpec command(
      String engine, Path module, String digest, List<String> args, CompileLimits limits) {
    return new GuestSpec(engine, module, digest, "", args, limits, "", List.of(), Map.of());
  }

  /** The same guest, which learns in this directory that it is to stop. */
  public GuestSpec stoppedBy(String directory) {
    return new GuestSpec(engine, module, digest, protocol, args, limits, directory, listen, bindings);
  }

  /** The same guest, which gets sockets that listen here. */
  public GuestSpec listeningAt(List<InetSocketAddress> addresses) {
    return new GuestSpec(engine, module, digest, protocol, args, limits, stopDirectory, addresses, bindings);
  }

  /** An actor that answers requests. */
  public static GuestSpec actor(
      String engine,
      Path module,
      String digest,
      String protocol,
      CompileLimits limits,
      Map<String, Map<String, String>> bindings) {
    return new GuestSpec(engine, module, digest, protocol, List.of(), limits, "", List.of(), bindings);
  }
}
