package io.bundlet.api.wasm;

import io.bundlet.api.runtime.Mount;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a WASI guest sees. Standard input is empty.
 *
 * @param args the arguments, by custom the program's name first
 * @param env the environment
 * @param preopens the directories, each with its path inside
 * @param listen addresses of the node at which it has sockets that listen, with the numbers from 3 on, before its
 *     directories; resolved ones, each for TCP. An engine with a WASI of its own refuses a guest that has any
 * @param stdout an existing file or FIFO that takes standard output; a FIFO has a reader already
 * @param stderr the same for standard error
 */
public record WasiSettings(
    List<String> args,
    Map<String, String> env,
    List<Mount> preopens,
    List<InetSocketAddress> listen,
    Path stdout,
    Path stderr) {
  public WasiSettings {
    args = List.copyOf(args);
    env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
    preopens = List.copyOf(preopens);
    listen = List.copyOf(listen);
  }

  /** A guest without sockets. */
  public WasiSettings(List<String> args, Map<String, String> env, List<Mount> preopens, Path stdout, Path stderr) {
    this(args, env, preopens, List.of(), stdout, stderr);
  }
}
