package io.bundlet.wasi.http;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.wasm.GuestContext;
import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.WasiSettings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** A guest with a memory of two pages that calls the module's functions itself. */
final class FakeGuest implements GuestContext, GuestMemory {
  static final int SIZE = 2 << 16;
  /** Where what it reads and is told is put. */
  static final int OUT = 1 << 16;
  private static final int STATUS = OUT - 16;
  private static final int NUMBER = OUT - 8;

  final Map<String, String> annotations = new HashMap<>();
  final ConcurrentMap<String, Object> attributes = new ConcurrentHashMap<>();
  byte[] memory = new byte[SIZE];
  PodId pod = new PodId("default", "p", "u");
  /** Bytes that the host has read of its memory. */
  final AtomicLong read = new AtomicLong();
  HttpModule module;
  private int used;

  FakeGuest(HttpModule module) {
    this.module = module;
  }

  FakeGuest allowing(String json) {
    annotations.put(Rules.DOMAINS, json);
    return this;
  }

  /** A call with these arguments as they are. */
  Code call(String function, long... args) throws GuestTrap {
    long[] results = {-1};
    module.call(function, this, this, args, results);
    return Code.values()[(int) results[0]];
  }

  /** Puts a text into its memory. @return where */
  private int put(byte[] bytes) {
    int at = used;
    System.arraycopy(bytes, 0, memory, at, bytes.length);
    used += bytes.length;
    return at;
  }

  Code request(String method, String url, String headers, byte[] body) throws GuestTrap {
    used = 0;
    byte[][] texts = {
      url.getBytes(StandardCharsets.UTF_8), method.getBytes(StandardCharsets.UTF_8),
      headers.getBytes(StandardCharsets.UTF_8), body
    };
    long[] args = new long[10];
    for (int i = 0; i < texts.length; i++) {
      args[2 * i] = put(texts[i]);
      args[2 * i + 1] = texts[i].length;
    }
    args[8] = STATUS;
    args[9] = NUMBER;
    return call("req", args);
  }

  Code get(String url) throws GuestTrap {
    return request("GET", url, "", new byte[0]);
  }

  /** Ends it: what is kept of it is closed, as its host does. */
  void end() throws Exception {
    for (Object kept : attributes.values()) {
      if (kept instanceof AutoCloseable open) {
        open.close();
      }
    }
    attributes.clear();
  }

  int status() {
    return Short.toUnsignedInt(ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN).getShort(STATUS));
  }

  /** The handle, or how much there is, that was written last. */
  int number() {
    return ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN).getInt(NUMBER);
  }

  Code header(int handle, String name, int room) throws GuestTrap {
    used = 0;
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return call("header_get", handle, put(bytes), bytes.length, OUT, room, NUMBER);
  }

  Code headers(int handle, int room) throws GuestTrap {
    return call("headers_get_all", handle, OUT, room, NUMBER);
  }

  Code body(int handle, int room) throws GuestTrap {
    return call("body_read", handle, OUT, room, NUMBER);
  }

  /** What it was given last. */
  String out() {
    return new String(memory, OUT, number(), StandardCharsets.UTF_8);
  }

  /** All of a body, in parts of this size. */
  String whole(int handle, int part) throws GuestTrap {
    StringBuilder text = new StringBuilder();
    while (body(handle, part) == Code.SUCCESS && number() > 0) {
      text.append(out());
    }
    return text.toString();
  }

  @Override
  public long size() {
    return memory.length;
  }

  @Override
  public void read(long at, byte[] to, int offset, int length) throws GuestTrap {
    require(at, length);
    System.arraycopy(memory, (int) at, to, offset, length);
    read.addAndGet(length);
  }

  @Override
  public void write(long at, byte[] from, int offset, int length) throws GuestTrap {
    require(at, length);
    System.arraycopy(from, offset, memory, (int) at, length);
  }

  private void require(long at, int length) throws GuestTrap {
    if (at < 0 || length > 0 && at + length > memory.length) {
      throw GuestTrap.trap("out of bounds memory access");
    }
  }

  @Override
  public ContainerId container() {
    return new ContainerId("c");
  }

  @Override
  public PodId pod() {
    return pod;
  }

  @Override
  public Map<String, String> annotations() {
    return annotations;
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
  public void log(String line) {}
}
