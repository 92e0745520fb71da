package io.bundlet.wasi.preview1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.runtime.Mount;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.WasiSettings;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Memory;
import io.bundlet.wasi.preview1.abi.Rights;
import io.bundlet.wasi.preview1.calls.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A guest that makes single calls: its directory is descriptor 3, a read-only one 4, a second writable one 5; room in
 * its memory is given out anew for each call. Belongs to the thread that makes the first call.
 */
final class Bed implements AutoCloseable {
  static final int ROOT = 3;
  static final int READ_ONLY = 4;
  static final int OTHER = 5;
  static final int MEMORY = 1 << 20;
  /** All that a file may be opened for. */
  static final long READ_WRITE = Rights.FILE;
  static final long READ = Rights.FILE & ~Rights.CHANGES_FILE;
  static final int FOLLOW = 1;

  final Path root;
  final Path readOnly;
  final Path other;
  final Path stdout;
  final Path stderr;
  final Guests.Context context;
  final Guests.ArrayMemory memory = new Guests.ArrayMemory(new byte[MEMORY]);
  private final WasiModule module;
  private int free = 64;

  Bed(Path directory) throws IOException {
    this(directory, new SnapshotModule(new Settings(Settings.OPEN_FILES, true)), Map.of());
  }

  Bed(Path directory, Settings settings) throws IOException {
    this(directory, new SnapshotModule(settings), Map.of());
  }

  Bed(Path directory, WasiModule module, Map<String, String> env, String... args) throws IOException {
    this(directory, module, env, List.of(), args);
  }

  /** With sockets the directories' numbers are as many higher. */
  Bed(Path directory, Settings settings, List<InetSocketAddress> listen) throws IOException {
    this(directory, new SnapshotModule(settings), Map.of(), listen);
  }

  private Bed(
      Path directory, WasiModule module, Map<String, String> env, List<InetSocketAddress> listen, String... args)
      throws IOException {
    this.module = module;
    root = Files.createDirectories(directory.resolve("root"));
    readOnly = Files.createDirectories(directory.resolve("read-only"));
    other = Files.createDirectories(directory.resolve("other"));
    stdout = file(directory.resolve("stdout"));
    stderr = file(directory.resolve("stderr"));
    context = new Guests.Context(
        new WasiSettings(
            List.of(args), env,
            List.of(
                new Mount("/data", root, false), new Mount("/etc/config", readOnly, true),
                new Mount("/other", other, false)),
            listen, stdout, stderr));
  }

  private static Path file(Path path) throws IOException {
    return Files.exists(path) ? path : Files.createFile(path);
  }

  /** Makes a call. Strings become an address and a length, all else is a number. */
  Errno call(String function, Object... given) throws GuestTrap {
    long[] results = new long[module.functions().get(function).results().size()];
    results[0] = -1;
    module.call(function, context, memory, slots(given), results);
    return Errno.values()[(int) results[0]];
  }

  /** Makes a call that does not return. */
  void end(String function, Object... given) throws GuestTrap {
    module.call(function, context, memory, slots(given), new long[0]);
  }

  private long[] slots(Object... given) {
    List<Long> slots = new ArrayList<>();
    for (Object each : given) {
      switch (each) {
        case String text -> {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          slots.add((long) bytes(bytes));
          slots.add((long) bytes.length);
        }
        case Integer number -> slots.add(number & 0xffff_ffffL);
        case Long number -> slots.add(number);
        default -> throw new IllegalArgumentException(each.toString());
      }
    }
    return slots.stream().mapToLong(Long::longValue).toArray();
  }

  /** A call that is to succeed. */
  void ok(String function, Object... given) throws GuestTrap {
    assertEquals(Errno.SUCCESS, call(function, given), function);
  }

  /** Room in its memory. */
  int room(int bytes) {
    if (free + bytes > MEMORY / 2) {
      free = 64;
    }
    int at = free;
    free = (free + bytes + 15) & ~7;
    return at;
  }

  /** Bytes in its memory. */
  int bytes(byte[] bytes) {
    int at = room(bytes.length);
    System.arraycopy(bytes, 0, memory.bytes(), at, bytes.length);
    return at;
  }

  int int32(int at) {
    return Memory.int32(memory.bytes(), at);
  }

  long int64(int at) {
    return Memory.int64(memory.bytes(), at);
  }

  String text(int at, int length) {
    return new String(memory.bytes(), at, length, StandardCharsets.UTF_8);
  }

  /** One piece of memory for reading into or writing from. */
  int piece(int at, int length) {
    int piece = room(8);
    Memory.putInt32(memory.bytes(), piece, at);
    Memory.putInt32(memory.bytes(), piece + 4, length);
    return piece;
  }

  /** Opens a path, with rights for what is opened and below it, or gives why not. */
  Errno tryOpen(int directory, String path, int lookup, int how, long rights, int flags, int result)
      throws GuestTrap {
    int at = bytes(path.getBytes(StandardCharsets.UTF_8));
    return call(
        "path_open", directory, lookup, at, path.getBytes(StandardCharsets.UTF_8).length, how, rights, Rights.ALL,
        flags, result);
  }

  /** As {@link #tryOpen}, for looks at the error only. */
  Errno tryOpen(int directory, String path, int lookup, int how, long rights) throws GuestTrap {
    return tryOpen(directory, path, lookup, how, rights, 0, room(4));
  }

  /** Opens a path. */
  int open(int directory, String path, int how, long rights, int flags) throws GuestTrap {
    int result = room(4);
    assertEquals(Errno.SUCCESS, tryOpen(directory, path, FOLLOW, how, rights, flags, result), "open " + path);
    return int32(result);
  }

  /** Writes a text where the descriptor stands. */
  Errno write(int fd, String text) throws GuestTrap {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int result = room(4);
    Errno errno = call("fd_write", fd, piece(bytes(bytes), bytes.length), 1, result);
    if (errno == Errno.SUCCESS) {
      assertEquals(bytes.length, int32(result));
    }
    return errno;
  }

  /** Reads up to 1000 bytes from where the descriptor stands. */
  String read(int fd) throws GuestTrap {
    int at = room(1000);
    int result = room(4);
    ok("fd_read", fd, piece(at, 1000), 1, result);
    return text(at, int32(result));
  }

  @Override
  public void close() {
    context.close();
  }
}
