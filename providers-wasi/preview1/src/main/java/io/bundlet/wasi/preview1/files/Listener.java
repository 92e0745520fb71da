package io.bundlet.wasi.preview1.files;

import io.bundlet.linux.LinuxFailure;
import io.bundlet.linux.Sockets;
import io.bundlet.linux.SystemCalls;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Rights;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import java.net.InetSocketAddress;

/** A socket that the guest was given, at which others connect to it. */
public final class Listener extends Socket {
  private Listener(SystemCalls calls, int fd) {
    super(calls, fd, Rights.LISTENER, Rights.CONNECTION, 0);
  }

  /** Listens at an address of the node. */
  public static Listener at(SystemCalls calls, InetSocketAddress address) throws LinuxFailure {
    return new Listener(calls, Sockets.listen(address));
  }

  /** Takes the next connection, if there is one. @return its number of Linux for {@link #connection}, or -errno */
  public long accept() {
    return calls.accept(fd);
  }

  /** What was accepted as a descriptor of the guest's. */
  public Connection connection(int accepted, int flags) {
    return new Connection(calls, accepted, inheriting(), flags);
  }

  @Override
  public Connection connection() throws WasiFailure {
    throw Errno.NOTCONN.failure();
  }

  @Override
  public Listener listener() {
    return this;
  }
}
