package io.bundlet.api.wasm;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.PodId;
import java.util.concurrent.ConcurrentMap;
import org.osgi.annotation.versioning.ProviderType;

/** What a host module may know of the guest that calls it. */
@ProviderType
public interface GuestContext {
  /** The guest's container. */
  ContainerId container();

  /** The guest's pod. */
  PodId pod();

  /** What host modules keep for this instance: values of JDK and {@code io.bundlet.api} classes only. */
  ConcurrentMap<String, Object> attributes();

  /** Writes a line to the container's log; the text is the guest's and is made harmless. Never blocks for long. */
  void log(String line);
}
