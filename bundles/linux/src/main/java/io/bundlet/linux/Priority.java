package io.bundlet.linux;

import java.lang.invoke.MethodHandle;

/** The priority of threads, which on Linux each have their own. */
public final class Priority {
  private static final int PRIO_PROCESS = 0;
  private static final int CALLING_THREAD = 0;
  private static final MethodHandle SET =
      Libc.function("setpriority", Libc.INT, Libc.INT, Libc.INT, Libc.INT);

  private Priority() {}

  /** Gives the calling platform thread this niceness, 0 to 19; 19 yields to everybody. */
  public static void nice(int niceness) throws LinuxFailure {
    Libc.call("setpriority", (arena, state) ->
        (int) SET.invokeExact(state, PRIO_PROCESS, CALLING_THREAD, niceness));
  }
}
