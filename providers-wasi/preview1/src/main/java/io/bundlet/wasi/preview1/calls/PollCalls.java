package io.bundlet.wasi.preview1.calls;

import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.linux.Clocks;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Layout;
import io.bundlet.wasi.preview1.abi.Memory;
import io.bundlet.wasi.preview1.abi.Subscription;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import java.util.Map;

/** Waiting for several things at once. */
final class PollCalls {
  /** More than a guest can have descriptors, each for reading and for writing. */
  private static final int MOST = 4096;
  private static final int EVENT_SIZE = 32;

  private PollCalls() {}

  static Map<String, Function> functions(Layout layout) {
    return Map.of("poll_oneoff", Function.of("iiii", (guest, args) -> poll(layout, guest, args)));
  }

  private static void poll(Layout layout, Guest guest, long[] args) throws WasiFailure, GuestTrap {
    long count = Memory.address(args[2]);
    if (count == 0 || count > MOST) {
      throw Errno.INVAL.failure();
    }
    int size = layout.subscriptionSize();
    byte[] asked = guest.memory.bytes(args[0], count * size, MOST * size, Errno.INVAL);
    guest.memory.check(args[1], count * EVENT_SIZE);
    guest.memory.check(args[3], 4);
    Poll poll = new Poll(guest, (int) count);
    for (int i = 0; i < count; i++) {
      poll.add(layout.subscription(asked, i * size));
    }
    byte[] events = poll.await();
    guest.memory.write(args[1], events, 0, events.length);
    guest.memory.putInt32(args[3], events.length / EVENT_SIZE);
  }

  /** An event: whose it is, an error number, a kind, and for descriptors how many bytes are there. */
  static byte[] event(Subscription asked, Errno errno, long bytes, boolean hungUp) {
    byte[] event = new byte[EVENT_SIZE];
    Memory.putInt64(event, 0, asked.userdata());
    Memory.putInt16(event, 8, errno.ordinal());
    event[10] = (byte) asked.kind();
    Memory.putInt64(event, 16, bytes);
    Memory.putInt16(event, 24, hungUp ? 1 : 0);
    return event;
  }

  /** Which clock of Linux a guest may wait for. */
  static int clock(int id) throws WasiFailure {
    return switch (id) {
      case ClockCalls.REALTIME -> Clocks.REALTIME;
      case ClockCalls.MONOTONIC -> Clocks.MONOTONIC;
      case ClockCalls.PROCESS, ClockCalls.THREAD -> throw Errno.NOTSUP.failure(); // it stands still meanwhile
      default -> throw Errno.INVAL.failure();
    };
  }
}
