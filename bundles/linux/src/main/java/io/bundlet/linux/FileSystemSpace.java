package io.bundlet.linux;

import static io.bundlet.linux.Libc.INT;
import static io.bundlet.linux.Libc.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * What is left of a file system.
 *
 * @param bytes its size
 * @param bytesFree what everybody may still write
 * @param inodes how many files it can have; 0 where it does not count them
 * @param inodesFree how many more
 */
public record FileSystemSpace(long bytes, long bytesFree, long inodes, long inodesFree) {
  /** More than the C library's struct, in which all fields up to the ones read here are 64 bits wide. */
  private static final int SIZE = 256;
  private static final int FRAGMENT_SIZE = 1;
  private static final int BLOCKS = 2;
  private static final int BLOCKS_AVAILABLE = 4;
  private static final int FILES = 5;
  private static final int FILES_FREE = 6;

  private static final MethodHandle STATVFS = Libc.function("statvfs", INT, POINTER, POINTER);

  /** Looks at the file system that holds this file. @throws LinuxFailure when it cannot be looked at */
  public static FileSystemSpace of(Path file) throws LinuxFailure {
    long[] fields = new long[FILES_FREE + 1];
    Libc.call("statvfs of " + file, (arena, state) -> {
      MemorySegment struct = arena.allocate(SIZE, Long.BYTES);
      long result = (int) STATVFS.invokeExact(state, arena.allocateFrom(file.toString()), struct);
      for (int i = 0; i < fields.length; i++) {
        fields[i] = struct.getAtIndex(ValueLayout.JAVA_LONG, i);
      }
      return result;
    });
    return new FileSystemSpace(
        fields[BLOCKS] * fields[FRAGMENT_SIZE], fields[BLOCKS_AVAILABLE] * fields[FRAGMENT_SIZE], fields[FILES],
        fields[FILES_FREE]);
  }
}
