package io.bundlet.wasi.preview1.calls;

import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Flags;
import io.bundlet.wasi.preview1.abi.Iovecs;
import io.bundlet.wasi.preview1.abi.Layout;
import io.bundlet.wasi.preview1.abi.Memory;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import java.util.HashMap;
import java.util.Map;

/** Functions for sockets. No guest is given one: these check their arguments and fail with {@code NOTSOCK}. */
final class SocketCalls {
  private static final int RECEIVE_FLAGS = 3;
  private static final int SHUTDOWN_FLAGS = 3;

  private SocketCalls() {}

  static Map<String, Function> functions(Layout layout) {
    Map<String, Function> all = new HashMap<>();
    if (layout == Layout.SNAPSHOT) {
      all.put("sock_accept", Function.of("iii", SocketCalls::accept));
    }
    all.put("sock_recv", Function.of("iiiiii", SocketCalls::receive));
    all.put("sock_send", Function.of("iiiii", SocketCalls::send));
    all.put("sock_shutdown", Function.of("ii", SocketCalls::shutdown));
    return all;
  }

  private static void accept(Guest guest, long[] args) throws WasiFailure, GuestTrap {
    guest.descriptors.get(args[0]);
    Flags.ofDescriptor(args[1]);
    guest.memory.check(args[2], 4);
    throw Errno.NOTSOCK.failure();
  }

  private static void receive(Guest guest, long[] args) throws WasiFailure, GuestTrap {
    guest.descriptors.get(args[0]);
    Iovecs.read(guest.memory, args[1], args[2]);
    known(args[3], RECEIVE_FLAGS);
    guest.memory.check(args[4], 4);
    guest.memory.check(args[5], 2);
    throw Errno.NOTSOCK.failure();
  }

  private static void send(Guest guest, long[] args) throws WasiFailure, GuestTrap {
    guest.descriptors.get(args[0]);
    Iovecs.read(guest.memory, args[1], args[2]);
    known(args[3], 0);
    guest.memory.check(args[4], 4);
    throw Errno.NOTSOCK.failure();
  }

  private static void shutdown(Guest guest, long[] args) throws WasiFailure {
    guest.descriptors.get(args[0]);
    known(args[1], SHUTDOWN_FLAGS);
    throw Errno.NOTSOCK.failure();
  }

  private static void known(long given, int flags) throws WasiFailure {
    if ((Memory.address(given) & ~flags) != 0) {
      throw Errno.INVAL.failure();
    }
  }
}
