package io.bundlet.wasi.preview1.calls;

import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Memory;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Arguments, environment, randomness, and the program's end. */
final class ProgramCalls {
  /** What arguments and environment may have, each: half of what Linux allows both together. */
  private static final int LARGEST = 1 << 20;
  /** Signals of the specification that do nothing unless somebody listens: none, CHLD, CONT, URG, WINCH. */
  private static final long IGNORED = 1L | 1L << 16 | 1L << 17 | 1L << 22 | 1L << 27;
  /** Signals that stop a process until somebody continues it: STOP, TSTP, TTIN, TTOU. */
  private static final long STOPPING = 1L << 18 | 1L << 19 | 1L << 20 | 1L << 21;
  private static final int LAST_SIGNAL = 30;
  /** From here on Linux has one more signal, STKFLT. */
  private static final int SHIFTED = 16;

  private ProgramCalls() {}

  static Map<String, Function> functions() {
    return Map.of(
        "args_sizes_get", Function.of("ii", (guest, args) -> sizes(guest, guest.args, args)),
        "args_get", Function.of("ii", (guest, args) -> texts(guest, guest.args, args)),
        "environ_sizes_get", Function.of("ii", (guest, args) -> sizes(guest, guest.env, args)),
        "environ_get", Function.of("ii", (guest, args) -> texts(guest, guest.env, args)),
        "random_get", Function.of("ii", (guest, args) -> random(guest, args[0], Memory.address(args[1]))),
        "sched_yield", Function.of("", (guest, args) -> Thread.yield()),
        "proc_raise", Function.of("i", (guest, args) -> raise((int) args[0])),
        "proc_exit", Function.ending("i", (guest, args) -> {
          throw GuestTrap.exit((int) args[0]);
        }));
  }

  private static void sizes(Guest guest, List<String> texts, long[] args) throws WasiFailure, GuestTrap {
    guest.memory.check(args[1], 4);
    guest.memory.putInt32(args[0], texts.size());
    guest.memory.putInt32(args[1], size(texts));
  }

  private static int size(List<String> texts) throws WasiFailure {
    long size = 0;
    for (String text : texts) {
      size += text.getBytes(StandardCharsets.UTF_8).length + 1;
    }
    if (size > LARGEST) {
      throw Errno.TOOBIG.failure();
    }
    return (int) size;
  }

  private static void texts(Guest guest, List<String> texts, long[] args) throws WasiFailure, GuestTrap {
    byte[] pointers = new byte[texts.size() * 4];
    byte[] all = new byte[size(texts)];
    int end = 0;
    for (int i = 0; i < texts.size(); i++) {
      byte[] bytes = texts.get(i).getBytes(StandardCharsets.UTF_8);
      Memory.putInt32(pointers, i * 4, (int) (args[1] + end));
      System.arraycopy(bytes, 0, all, end, bytes.length);
      end += bytes.length + 1;
    }
    guest.memory.check(args[1], all.length);
    guest.memory.write(args[0], pointers, 0, pointers.length);
    guest.memory.write(args[1], all, 0, all.length);
  }

  private static void random(Guest guest, long at, long length) throws WasiFailure, GuestTrap {
    guest.memory.check(at, length);
    MemorySegment buffer = guest.buffer(length);
    for (long done = 0; done < length; ) {
      Guest.checkKilled();
      long wanted = Math.min(buffer.byteSize(), length - done);
      int got = (int) Errno.checked(guest.calls.random(buffer, wanted));
      MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, guest.array(), 0, got);
      guest.memory.write(Memory.address(at) + done, guest.array(), 0, got);
      done += got;
    }
  }

  /** A guest has no handlers, so a signal does what it does to a process without. */
  private static void raise(int signal) throws WasiFailure, GuestTrap {
    if (signal < 0 || signal > LAST_SIGNAL) {
      throw Errno.INVAL.failure();
    }
    if ((STOPPING >> signal & 1) != 0) {
      throw Errno.NOTSUP.failure();
    }
    if ((IGNORED >> signal & 1) == 0) {
      throw GuestTrap.exit(128 + (signal < SHIFTED ? signal : signal + 1));
    }
  }
}
