package io.bundlet.wasmhost.guests;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.wasm.GuestContext;
import io.bundlet.api.wasm.WasiSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What host modules see of one instance. */
final class HostContext implements GuestContext, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostContext.class);

  private final GuestSetup setup;
  private final ConcurrentMap<String, Object> attributes = new ConcurrentHashMap<>();
  private final AtomicLong hostCalls = new AtomicLong();

  HostContext(GuestSetup setup) {
    this.setup = setup;
  }

  @Override
  public ContainerId container() {
    return setup.container();
  }

  @Override
  public PodId pod() {
    return setup.pod();
  }

  @Override
  public Map<String, String> annotations() {
    return setup.annotations();
  }

  @Override
  public Optional<WasiSettings> wasi() {
    return setup.wasi();
  }

  @Override
  public ConcurrentMap<String, Object> attributes() {
    return attributes;
  }

  /** Counts its calls of host modules; written by the guest's thread alone. */
  AtomicLong hostCalls() {
    return hostCalls;
  }

  /** What host modules count of it. From any thread. */
  Map<String, Long> counters() {
    Map<String, Long> counters = new HashMap<>();
    attributes.forEach((name, value) -> {
      if (value instanceof AtomicLong number) {
        counters.put(name, number.get());
      }
    });
    return counters;
  }

  @Override
  public void log(String line) {
    setup.output().line(line);
  }

  /** Closes what host modules have left; on the guest's thread. */
  @Override
  public void close() {
    attributes.forEach((name, value) -> {
      if (value instanceof AutoCloseable open) {
        try {
          open.close();
        } catch (Exception | Error e) {
          // It is another bundle's, and the others are to be closed all the same.
          LOG.warn("{}: what a host module keeps as {} cannot be closed", setup.name(), name, e);
        }
      }
    });
    attributes.clear();
  }
}
