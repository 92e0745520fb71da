package io.bundlet.wasmhost.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The calls of the C library that Java has no words for. Each gives the call's result or throws with its errno. */
final class Libc {
  static final int EINTR = 4;
  static final int EAGAIN = 11;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private Libc() {}

  /** A function of the C library that takes these and gives an int or a long. */
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

  /** Room for the errno of one call. */
  static MemorySegment state(Arena arena) {
    return arena.allocate(STATE);
  }

  static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  static IOException failure(String call, int errno) {
    return new IOException(call + " failed: errno " + errno);
  }

  /** What a method handle threw, which is never a checked exception here. */
  static IllegalStateException unexpected(Throwable thrown) {
    return new IllegalStateException(thrown);
  }

  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  static final MemoryLayout POINTER = ValueLayout.ADDRESS;
}
