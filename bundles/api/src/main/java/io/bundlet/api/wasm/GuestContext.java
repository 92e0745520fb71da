package io.bundlet.api.wasm;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.PodId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import org.osgi.annotation.versioning.ProviderType;

/** What a host module may know of the guest that calls it. */
@ProviderType
public interface GuestContext {
  /** The guest's container. */
  ContainerId container();

  /** The guest's pod. */
  PodId pod();

  /** The annotations of the guest's pod. */
  Map<String, String> annotations();

  /** What a command sees of its surroundings, for who offers WASI to it; empty for an actor. */
  Optional<WasiSettings> wasi();

  /**
   * What host modules keep for this instance: values of JDK and {@code io.bundlet.api} classes only, unless the module
   * is not {@link HostModule#rebindable}. Those that are {@link AutoCloseable} are closed on the guest's thread after
   * its last call.
   */
  ConcurrentMap<String, Object> attributes();

  /** Writes a line to the container's log; the text is the guest's and is made harmless. Never blocks for long. */
  void log(String line);
}
