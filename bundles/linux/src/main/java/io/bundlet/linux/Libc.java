package io.bundlet.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Functions of the C library. Each call gives its result or throws with its errno; an interrupted one is made again.
 */
final class Libc {
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  static final MemoryLayout POINTER = ValueLayout.ADDRESS;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private Libc() {}

  /** A call that gives a negative number when it fails. */
  @FunctionalInterface
  interface Call {
    long run(Arena arena, MemorySegment state) throws Throwable;
  }

  /** A function that takes these, the first {@code fixed} of them always. */
  @SuppressWarnings("restricted")
  static MethodHandle function(String name, MemoryLayout result, int fixed, MemoryLayout... params) {
    MemorySegment address =
        LINKER.defaultLookup().find(name).orElseThrow(() -> new IllegalStateException("the C library has no " + name));
    Linker.Option errno = Linker.Option.captureCallState("errno");
    FunctionDescriptor type = FunctionDescriptor.of(result, params);
    return fixed == params.length
        ? LINKER.downcallHandle(address, type, errno)
        : LINKER.downcallHandle(address, type, errno, Linker.Option.firstVariadicArg(fixed));
  }

  static MethodHandle function(String name, MemoryLayout result, MemoryLayout... params) {
    return function(name, result, params.length, params);
  }

  /** A function that returns within a microsecond and leaves no errno. */
  @SuppressWarnings("restricted")
  static MethodHandle quick(String name, MemoryLayout result, MemoryLayout... params) {
    MemorySegment address =
        LINKER.defaultLookup().find(name).orElseThrow(() -> new IllegalStateException("the C library has no " + name));
    return LINKER.downcallHandle(address, FunctionDescriptor.of(result, params), Linker.Option.critical(false));
  }

  /** Room for the errno of calls that are made one after the other. */
  static MemorySegment state(Arena arena) {
    return arena.allocate(STATE);
  }

  /** Why the last call failed. */
  static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  /** Makes the call. @param what for the failure's message */
  static long call(String what, Call call) throws LinuxFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = state(arena);
      while (true) {
        long result = call.run(arena, state);
        if (result >= 0) {
          return result;
        }
        int errno = errno(state);
        if (errno != LinuxFailure.EINTR) {
          throw new LinuxFailure(what, errno);
        }
      }
    } catch (LinuxFailure | RuntimeException | Error e) {
      throw e;
    } catch (Throwable thrown) {
      throw new IllegalStateException(thrown);
    }
  }
}
