package io.bundlet.wasmhost.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The priority of threads, which on Linux each have their own. */
public final class Priority {
  private static final int PRIO_PROCESS = 0;
  private static final int CALLING_THREAD = 0;
  private static final MethodHandle SET =
      Libc.function("setpriority", Libc.INT, Libc.INT, Libc.INT, Libc.INT);

  private Priority() {}

  /** Gives the calling platform thread this niceness, 0 to 19; 19 yields to everybody. */
  public static void nice(int niceness) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.state(arena);
      if ((int) SET.invokeExact(state, PRIO_PROCESS, CALLING_THREAD, niceness) != 0) {
        throw Libc.failure("setpriority", Libc.errno(state));
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw Libc.unexpected(t);
    }
  }
}
