package io.bundlet.wasi.preview1.calls;

import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.linux.LinuxFailure;
import io.bundlet.linux.SystemCalls;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Flags;
import io.bundlet.wasi.preview1.abi.Iovecs;
import io.bundlet.wasi.preview1.abi.Layout;
import io.bundlet.wasi.preview1.abi.Memory;
import io.bundlet.wasi.preview1.abi.Rights;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import io.bundlet.wasi.preview1.files.Connection;
import io.bundlet.wasi.preview1.files.Listener;
import java.util.HashMap;
import java.util.Map;

/**
 * Functions for sockets: those that listen, which a guest is given when its pod asks for that, and the connections that
 * it accepts from them. It can make none itself. Of anything else they say {@code NOTSOCK}.
 */
final class SocketCalls {
  private static final int PEEK = 1;
  private static final int ALL = 2;
  private static final byte[] NO_FLAGS = new byte[2];
  /** Of Linux, by the two bits of WASI, of which one at least is to be set. */
  private static final int[] DIRECTIONS = {-1, SystemCalls.RECEIVING, SystemCalls.SENDING, SystemCalls.BOTH};

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
    int flags = Flags.ofDescriptor(args[1]);
    guest.memory.check(args[2], 4);
    Listener listener = guest.descriptors.get(args[0]).listener();
    listener.require(Rights.SOCK_ACCEPT);
    if ((flags & ~Flags.FD_NONBLOCK) != 0) {
      throw Errno.INVAL.failure();
    }
    guest.descriptors.checkRoom();
    int accepted = next(guest, listener);
    guest.memory.putInt32(args[2], guest.descriptors.add(listener.connection(accepted, flags)));
  }

  /** The next connection, which is waited for unless the guest minds. */
  private static int next(Guest guest, Listener listener) throws WasiFailure, GuestTrap {
    while (true) {
      Guest.checkKilled();
      long accepted = listener.accept();
      if (accepted == -LinuxFailure.EAGAIN && !listener.nonblocking()) {
        Waiting.until(guest, listener, Waiting.READABLE);
      } else if (accepted != -LinuxFailure.ECONNABORTED) { // who has gone before is no connection
        return (int) Errno.checked(accepted);
      }
    }
  }

  private static void receive(Guest guest, long[] args) throws WasiFailure, GuestTrap {
    guest.descriptors.get(args[0]);
    Iovecs pieces = Iovecs.read(guest.memory, args[1], args[2]);
    int flags = known(args[3], PEEK | ALL);
    guest.memory.check(args[4], 4);
    guest.memory.check(args[5], 2);
    Connection from = guest.descriptors.get(args[0]).connection();
    from.require(Rights.FD_READ);
    long read;
    if ((flags & PEEK) != 0) {
      read = Transfer.read(
          guest, pieces, from, (buffer, length, done) -> done > 0 ? 0 : from.peek(buffer, length));
    } else if ((flags & ALL) != 0) {
      read = Transfer.readAll(guest, pieces, from, (buffer, length, done) -> from.read(buffer, length, -1));
    } else {
      read = Transfer.read(guest, pieces, from, (buffer, length, done) -> from.read(buffer, length, -1));
    }
    guest.memory.putInt32(args[4], (int) read);
    guest.memory.write(args[5], NO_FLAGS, 0, NO_FLAGS.length);
  }

  private static void send(Guest guest, long[] args) throws WasiFailure, GuestTrap {
    guest.descriptors.get(args[0]);
    Iovecs pieces = Iovecs.read(guest.memory, args[1], args[2]);
    known(args[3], 0);
    guest.memory.check(args[4], 4);
    Connection to = guest.descriptors.get(args[0]).connection();
    to.require(Rights.FD_WRITE);
    long sent = Transfer.write(guest, pieces, to, (buffer, length, done) -> to.write(buffer, length, -1));
    guest.memory.putInt32(args[4], (int) sent);
  }

  private static void shutdown(Guest guest, long[] args) throws WasiFailure {
    guest.descriptors.get(args[0]);
    int directions = known(args[1], DIRECTIONS.length - 1);
    Connection connection = guest.descriptors.get(args[0]).connection();
    connection.require(Rights.SOCK_SHUTDOWN);
    if (directions == 0) {
      throw Errno.INVAL.failure();
    }
    connection.shutdown(DIRECTIONS[directions]);
  }

  private static int known(long given, int flags) throws WasiFailure {
    if ((Memory.address(given) & ~flags) != 0) {
      throw Errno.INVAL.failure();
    }
    return (int) given;
  }
}
