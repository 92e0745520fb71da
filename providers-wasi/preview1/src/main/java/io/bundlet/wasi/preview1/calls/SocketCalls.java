package io.bundlet.wasi.preview1.calls;

import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Flags;
import io.bundlet.wasi.preview1.abi.Iovecs;
import io.bundlet.wasi.preview1.abi.Layout;
import io.bundlet.wasi.preview1.abi.Memory;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import io.bundlet.wasi.preview1.files.Descriptor;
import java.util.HashMap;
import java.util.Map;

/** Functions for sockets. No guest is given one: these check their arguments and fail with {@code NOTSOCK}. */
final class SocketCalls {
  private static final int RECEIVE_FLAGS = 3;

  private SocketCalls() {}

  static Map<String, Function> functions(Layout layout) {
    Map<String, Function> all = new HashMap<>();
    if (layout == Layout.SNAPSHOT) {
      all.put("sock_accept", Function.of("iii", SocketCalls::accept));
    }
    all.put("sock_recv", Function.of("iiiiii", SocketCalls::receive));
    all.put("sock_send", Function.of("iiiii", SocketCalls::send));
    all.put("sock_shutdown", Function.of("ii", (guest, args) -> {
      Descriptor socket = guest.descriptors.get(args[0]);
      if (args[1] < 1 || args[1] > 3) {
        throw Errno.INVAL.failure();
      }
      socket.shutdown((int) args[1]);
    }));
    return all;
  }

  private static void accept(Guest guest, long[] args) throws WasiFailure, GuestTrap {
    Descriptor socket = guest.descriptors.get(args[0]);
    int flags = Flags.ofDescriptor(args[1]);
    guest.memory.check(args[2], 4);
    guest.descriptors.checkRoom();
    guest.memory.putInt32(args[2], guest.descriptors.add(socket.accept(flags)));
  }

  private static void receive(Guest guest, long[] args) throws WasiFailure, GuestTrap {
    Descriptor socket = guest.descriptors.get(args[0]);
    Iovecs pieces = Iovecs.read(guest.memory, args[1], args[2]);
    if ((args[3] & ~RECEIVE_FLAGS) != 0) {
      throw Errno.INVAL.failure();
    }
    guest.memory.check(args[4], 4);
    guest.memory.check(args[5], 2);
    long read = Transfer.read(
        guest, pieces, socket, (buffer, length, done) -> socket.receive(buffer, length, (int) args[3]));
    guest.memory.putInt32(args[4], (int) read);
    guest.memory.write(args[5], new byte[2], 0, 2);
  }

  private static void send(Guest guest, long[] args) throws WasiFailure, GuestTrap {
    Descriptor socket = guest.descriptors.get(args[0]);
    Iovecs pieces = Iovecs.read(guest.memory, args[1], args[2]);
    if (Memory.address(args[3]) != 0) {
      throw Errno.INVAL.failure();
    }
    guest.memory.check(args[4], 4);
    long written = Transfer.write(
        guest, pieces, socket, guest.counters.output(), (buffer, length, done) -> socket.send(buffer, length));
    guest.memory.putInt32(args[4], (int) written);
  }
}
