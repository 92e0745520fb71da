package io.bundlet.wasi.preview1;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.wasm.GuestContext;
import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.WasiSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A guest as host modules see it, and a memory that is an array. */
final class Guests {
  private Guests() {}

  /** What a host module knows of a guest. */
  static final class Context implements GuestContext, AutoCloseable {
    final List<String> logged = new CopyOnWriteArrayList<>();
    private final ConcurrentMap<String, Object> attributes = new ConcurrentHashMap<>();
    private final Optional<WasiSettings> wasi;

    Context(WasiSettings wasi) {
      this.wasi = Optional.ofNullable(wasi);
    }

    @Override
    public ContainerId container() {
      return new ContainerId("wasi-test-1");
    }

    @Override
    public PodId pod() {
      return new PodId("default", "test", "1");
    }

    @Override
    public Map<String, String> annotations() {
      return Map.of();
    }

    @Override
    public Optional<WasiSettings> wasi() {
      return wasi;
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
    public void close() {
      for (Object kept : attributes.values()) {
        if (kept instanceof AutoCloseable open) {
          try {
            open.close();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        }
      }
      attributes.clear();
    }
  }

  /** A memory that traps as an engine's does, which no call is to bring about. */
  record ArrayMemory(byte[] bytes) implements GuestMemory {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public void read(long at, byte[] to, int offset, int length) throws GuestTrap {
      check(at, length);
      System.arraycopy(bytes, (int) at, to, offset, length);
    }

    @Override
    public void write(long at, byte[] from, int offset, int length) throws GuestTrap {
      check(at, length);
      System.arraycopy(from, offset, bytes, (int) at, length);
    }

    private void check(long at, int length) throws GuestTrap {
      if (length > 0 && (at < 0 || at > bytes.length - length)) {
        throw GuestTrap.trap("out of bounds: " + length + " bytes at " + at);
      }
    }
  }
}
