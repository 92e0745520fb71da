package io.bundlet.wasi.preview1.calls;

import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.linux.LinuxFailure;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Iovecs;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import io.bundlet.wasi.preview1.files.Descriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Moves bytes between a descriptor and pieces of the guest's memory, by way of native memory: a system call on the
 * guest's own array would hold up the whole JVM while it waits for a disk. Long transfers look between two parts
 * whether the guest is being killed.
 */
final class Transfer {
  private final Guest guest;
  private final Iovecs pieces;
  private int piece;
  private int within;

  private Transfer(Guest guest, Iovecs pieces) {
    this.guest = guest;
    this.pieces = pieces;
  }

  /** Something that moves bytes once; as {@link Descriptor#read}. */
  @FunctionalInterface
  interface Once {
    long move(MemorySegment buffer, long length, long done) throws WasiFailure;
  }

  /** Reads until all is full, the end is there or there is nothing more now. @return how many bytes */
  static long read(Guest guest, Iovecs pieces, Descriptor from, Once once) throws WasiFailure, GuestTrap {
    return new Transfer(guest, pieces).read(from, false, once);
  }

  /** As {@link #read}, but waits for more if the guest does not mind. @return how many bytes */
  static long readAll(Guest guest, Iovecs pieces, Descriptor from, Once once) throws WasiFailure, GuestTrap {
    return new Transfer(guest, pieces).read(from, true, once);
  }

  /** Writes all of it, waiting where that is necessary and the guest does not mind. @return how many bytes */
  static long write(Guest guest, Iovecs pieces, Descriptor to, Once once) throws WasiFailure, GuestTrap {
    return new Transfer(guest, pieces).write(to, once);
  }

  private long read(Descriptor from, boolean all, Once once) throws WasiFailure, GuestTrap {
    MemorySegment buffer = guest.buffer(pieces.total());
    long done = 0;
    while (done < pieces.total()) {
      Guest.checkKilled();
      long wanted = Math.min(buffer.byteSize(), pieces.total() - done);
      long got = once.move(buffer, wanted, done);
      if (got == -LinuxFailure.EAGAIN && (done == 0 || all) && !from.nonblocking()) {
        Waiting.until(guest, from, Waiting.READABLE);
        continue;
      }
      if (got < 0 && done > 0) {
        from.failedAfterBytes(got);
        break;
      }
      Errno.checked(got);
      MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, guest.array(), 0, (int) got);
      scatter((int) got);
      done += got;
      if (got == 0 || got < wanted && !all) {
        break;
      }
    }
    return done;
  }

  private long write(Descriptor to, Once once) throws WasiFailure, GuestTrap {
    MemorySegment buffer = guest.buffer(pieces.total());
    long done = 0;
    while (done < pieces.total()) {
      Guest.checkKilled();
      int gathered = gather((int) Math.min(buffer.byteSize(), pieces.total() - done));
      MemorySegment.copy(guest.array(), 0, buffer, ValueLayout.JAVA_BYTE, 0, gathered);
      for (int sent = 0; sent < gathered; ) {
        long more = once.move(sent == 0 ? buffer : buffer.asSlice(sent), gathered - sent, done);
        if (more == -LinuxFailure.EAGAIN && !to.nonblocking()) {
          Waiting.until(guest, to, Waiting.WRITABLE);
          continue;
        }
        if (more <= 0 && done > 0) {
          return done;
        }
        Errno.checked(more);
        if (more == 0) {
          return 0;
        }
        sent += (int) more;
        done += more;
      }
    }
    return done;
  }

  /** Copies the next bytes of the pieces to the array. */
  private int gather(int wanted) throws WasiFailure, GuestTrap {
    return pass(wanted, (at, offset, length) -> guest.memory.read(at, guest.array(), offset, length));
  }

  /** Copies bytes of the array to the next places in the pieces. */
  private void scatter(int given) throws WasiFailure, GuestTrap {
    pass(given, (at, offset, length) -> guest.memory.write(at, guest.array(), offset, length));
  }

  @FunctionalInterface
  private interface Copy {
    void part(long at, int offset, int length) throws WasiFailure, GuestTrap;
  }

  private int pass(int bytes, Copy copy) throws WasiFailure, GuestTrap {
    int done = 0;
    while (done < bytes) {
      int part = Math.min(pieces.length(piece) - within, bytes - done);
      if (part > 0) {
        copy.part(pieces.at(piece) + within, done, part);
        done += part;
        within += part;
      }
      if (within == pieces.length(piece)) {
        piece++;
        within = 0;
      }
    }
    return done;
  }
}
