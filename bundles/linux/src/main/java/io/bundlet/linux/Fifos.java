package io.bundlet.linux;

import static io.bundlet.linux.Libc.INT;
import static io.bundlet.linux.Libc.POINTER;

import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** FIFOs: files through which one process writes what another one reads. */
public final class Fifos {
  private static final int OWNER_ONLY = 0600;
  private static final MethodHandle MKFIFO = Libc.function("mkfifo", INT, POINTER, INT);

  private Fifos() {}

  /** Makes a FIFO that only its owner may use. Returns at once. */
  public static void make(Path path) throws LinuxFailure {
    Libc.call("mkfifo " + path, (arena, state) ->
        (int) MKFIFO.invokeExact(state, arena.allocateFrom(path.toString()), OWNER_ONLY));
  }
}
