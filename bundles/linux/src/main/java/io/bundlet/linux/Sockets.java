package io.bundlet.linux;

import static io.bundlet.linux.Libc.INT;
import static io.bundlet.linux.Libc.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;

/** TCP sockets that listen. What is done with one, and with the connections that come, is in {@link SystemCalls}. */
public final class Sockets {
  private static final int INET = 2;
  private static final int INET6 = 10;
  private static final int STREAM = 1;
  private static final int SOCKET_LEVEL = 1;
  private static final int REUSE_ADDRESS = 2;
  private static final int IPV6_LEVEL = 41;
  private static final int ONLY_IPV6 = 26;
  private static final int TCP_LEVEL = 6;
  private static final int NO_DELAY = 1;
  private static final int BACKLOG = 128;
  /** struct sockaddr_in6, the longer one. */
  private static final int ADDRESS_SIZE = 28;
  private static final ValueLayout.OfShort PORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

  private static final MethodHandle SOCKET = Libc.function("socket", INT, INT, INT, INT);
  private static final MethodHandle SET_OPTION = Libc.function("setsockopt", INT, INT, INT, INT, POINTER, INT);
  private static final MethodHandle BIND = Libc.function("bind", INT, INT, POINTER, INT);
  private static final MethodHandle LISTEN = Libc.function("listen", INT, INT, INT);
  private static final MethodHandle CLOSE = Libc.function("close", INT, INT);

  private Sockets() {}

  /**
   * Opens a socket that listens and never waits. At the address that stands for all of them it hears IPv6 and IPv4,
   * where the machine has both. Returns at once.
   *
   * @param at a resolved address
   * @return the descriptor, which is the caller's
   */
  public static int listen(InetSocketAddress at) throws LinuxFailure {
    if (!at.getAddress().isAnyLocalAddress()) {
      return listen(at, at.getAddress());
    }
    try {
      return listen(at, null);
    } catch (LinuxFailure e) {
      if (e.errno() != LinuxFailure.EAFNOSUPPORT && e.errno() != LinuxFailure.EADDRNOTAVAIL) {
        throw e;
      }
      return listen(at, at.getAddress() instanceof Inet4Address any ? any : InetAddress.ofLiteral("0.0.0.0"));
    }
  }

  /** @param address one address; null for all of both kinds */
  private static int listen(InetSocketAddress at, InetAddress address) throws LinuxFailure {
    String what = "listen at " + at.getAddress().getHostAddress() + " port " + at.getPort();
    boolean four = address instanceof Inet4Address;
    int fd = (int) Libc.call(what, (arena, state) -> (int) SOCKET.invokeExact(
        state, four ? INET : INET6, STREAM | SystemCalls.NONBLOCK | SystemCalls.CLOEXEC, 0));
    try {
      option(what, fd, SOCKET_LEVEL, REUSE_ADDRESS, 1);
      option(what, fd, TCP_LEVEL, NO_DELAY, 1); // connections have it from the socket that they came by
      if (!four) {
        option(what, fd, IPV6_LEVEL, ONLY_IPV6, address == null ? 0 : 1);
      }
      Libc.call(what, (arena, state) -> (int) BIND.invokeExact(
          state, fd, struct(arena, four, address, at.getPort()), four ? 16 : ADDRESS_SIZE));
      Libc.call(what, (arena, state) -> (int) LISTEN.invokeExact(state, fd, BACKLOG));
      return fd;
    } catch (LinuxFailure | RuntimeException | Error e) {
      Libc.call(what, (arena, state) -> (int) CLOSE.invokeExact(state, fd));
      throw e;
    }
  }

  private static void option(String what, int fd, int level, int name, int value) throws LinuxFailure {
    Libc.call(what, (arena, state) -> (int) SET_OPTION.invokeExact(
        state, fd, level, name, arena.allocateFrom(INT, value), Integer.BYTES));
  }

  /** sockaddr_in or sockaddr_in6: family, port, then the address, which the longer one has after four other bytes. */
  private static MemorySegment struct(Arena arena, boolean four, InetAddress address, int port) {
    MemorySegment struct = arena.allocate(ADDRESS_SIZE, 8);
    struct.set(ValueLayout.JAVA_SHORT, 0, (short) (four ? INET : INET6));
    struct.set(PORT, 2, (short) port);
    if (address != null) {
      byte[] bytes = address.getAddress();
      MemorySegment.copy(bytes, 0, struct, ValueLayout.JAVA_BYTE, four ? 4 : 8, bytes.length);
      if (address instanceof Inet6Address six) {
        struct.set(INT, 24, six.getScopeId());
      }
    }
    return struct;
  }
}
