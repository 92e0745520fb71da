package io.bundlet.wasi.preview1.calls;

import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Iovecs;
import io.bundlet.wasi.preview1.abi.Layout;
import io.bundlet.wasi.preview1.abi.Memory;
import io.bundlet.wasi.preview1.abi.Rights;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import io.bundlet.wasi.preview1.files.Descriptor;
import io.bundlet.wasi.preview1.files.Listing;
import io.bundlet.wasi.preview1.files.OpenFile;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** Reading and writing, and what else is done with the content of files and directories. */
final class FileCalls {
  private static final int CURRENT = 1;

  private FileCalls() {}

  static Map<String, Function> functions(Layout layout) {
    Map<String, Function> all = new HashMap<>();
    all.put("fd_read", Function.of("iiii", FileCalls::read));
    all.put("fd_pread", Function.of("iiiIi", FileCalls::readAt));
    all.put("fd_write", Function.of("iiii", FileCalls::write));
    all.put("fd_pwrite", Function.of("iiiIi", FileCalls::writeAt));
    all.put("fd_readdir", Function.of("iiiIi", FileCalls::list));
    all.put("fd_seek", Function.of("iIii", (guest, args) ->
        seek(guest, args[0], args[1], layout.whence(args[2]), args[3])));
    all.put("fd_tell", Function.of("ii", (guest, args) -> seek(guest, args[0], 0, CURRENT, args[1])));
    all.put("fd_sync", Function.of("i", (guest, args) ->
        DescriptorCalls.descriptor(guest, args[0], Rights.FD_SYNC).sync(false)));
    all.put("fd_datasync", Function.of("i", (guest, args) ->
        DescriptorCalls.descriptor(guest, args[0], Rights.FD_DATASYNC).sync(true)));
    all.put("fd_advise", Function.of("iIIi", (guest, args) ->
        file(guest, args[0], Rights.FD_ADVISE).advise(args[1], args[2], Memory.address(args[3]))));
    all.put("fd_allocate", Function.of("iII", (guest, args) ->
        allocate(file(guest, args[0], Rights.FD_ALLOCATE), args[1], args[2])));
    all.put("fd_filestat_set_size", Function.of("iI", (guest, args) ->
        file(guest, args[0], Rights.FD_FILESTAT_SET_SIZE).truncate(args[1])));
    return all;
  }

  private static OpenFile file(Guest guest, long number, long rights) throws WasiFailure {
    return DescriptorCalls.descriptor(guest, number, rights).file();
  }

  /** Takes room part by part; a guest that is killed meanwhile ends after the one that is being taken. */
  private static void allocate(OpenFile file, long offset, long length) throws WasiFailure, GuestTrap {
    long done = 0;
    do {
      Guest.checkKilled();
      done += file.allocate(offset + done, length - done);
    } while (done < length);
  }

  private static long offset(long given) throws WasiFailure {
    if (given < 0) {
      throw Errno.INVAL.failure();
    }
    return given;
  }

  private static void read(Guest guest, long[] args) throws WasiFailure, GuestTrap {
    Descriptor from = DescriptorCalls.descriptor(guest, args[0], Rights.FD_READ);
    Iovecs pieces = Iovecs.read(guest.memory, args[1], args[2]);
    guest.memory.check(args[3], 4);
    long read = Transfer.read(guest, pieces, from, (buffer, length, done) -> from.read(buffer, length, -1));
    countRead(guest, from, read);
    guest.memory.putInt32(args[3], (int) read);
  }

  private static void readAt(Guest guest, long[] args) throws WasiFailure, GuestTrap {
    Descriptor from = DescriptorCalls.descriptor(guest, args[0], Rights.FD_READ | Rights.FD_SEEK);
    Iovecs pieces = Iovecs.read(guest.memory, args[1], args[2]);
    guest.memory.check(args[4], 4);
    long offset = offset(args[3]);
    long read = Transfer.read(guest, pieces, from, (buffer, length, done) -> from.read(buffer, length, offset + done));
    countRead(guest, from, read);
    guest.memory.putInt32(args[4], (int) read);
  }

  private static void countRead(Guest guest, Descriptor from, long bytes) {
    if (from instanceof OpenFile) {
      Counters.add(guest.counters.filesRead(), bytes);
    }
  }

  /** Output is counted by whoever takes it. */
  private static void countWritten(Guest guest, Descriptor to, long bytes) {
    if (to instanceof OpenFile) {
      Counters.add(guest.counters.filesWritten(), bytes);
    }
  }

  private static void write(Guest guest, long[] args) throws WasiFailure, GuestTrap {
    Descriptor to = DescriptorCalls.descriptor(guest, args[0], Rights.FD_WRITE);
    Iovecs pieces = Iovecs.read(guest.memory, args[1], args[2]);
    guest.memory.check(args[3], 4);
    long written = Transfer.write(guest, pieces, to, (buffer, length, done) -> to.write(buffer, length, -1));
    countWritten(guest, to, written);
    to.written();
    guest.memory.putInt32(args[3], (int) written);
  }

  private static void writeAt(Guest guest, long[] args) throws WasiFailure, GuestTrap {
    Descriptor to = DescriptorCalls.descriptor(guest, args[0], Rights.FD_WRITE | Rights.FD_SEEK);
    Iovecs pieces = Iovecs.read(guest.memory, args[1], args[2]);
    guest.memory.check(args[4], 4);
    long offset = offset(args[3]);
    long written = Transfer.write(guest, pieces, to, (buffer, length, done) -> to.write(buffer, length, offset + done));
    countWritten(guest, to, written);
    to.written();
    guest.memory.putInt32(args[4], (int) written);
  }

  /** Where a file stands may also be asked for with less than the right to change it. */
  private static void seek(Guest guest, long number, long offset, int whence, long result)
      throws WasiFailure, GuestTrap {
    boolean asks = offset == 0 && whence == CURRENT;
    Descriptor descriptor = guest.descriptors.get(number);
    if (!asks || (descriptor.base() & Rights.FD_SEEK) == 0) {
      descriptor.require(asks ? Rights.FD_TELL : Rights.FD_SEEK);
    }
    OpenFile file = descriptor.file();
    guest.memory.check(result, 8);
    guest.memory.putInt64(result, file.seek(offset, whence));
  }

  /** Fills the guest's buffer with entries; the last one may be cut off, which tells that there are more. */
  private static void list(Guest guest, long[] args) throws WasiFailure, GuestTrap {
    Descriptor descriptor = DescriptorCalls.descriptor(guest, args[0], Rights.FD_READDIR);
    long length = Memory.address(args[2]);
    guest.memory.check(args[1], length);
    guest.memory.check(args[4], 4);
    Listing listing = descriptor.directory().listing();
    listing.seek(args[3]);
    MemorySegment room = guest.buffer(0);
    long used = 0;
    while (used < length) {
      Guest.checkKilled();
      byte[] entry = listing.next(room);
      if (entry == null) {
        break;
      }
      int part = (int) Math.min(entry.length, length - used);
      guest.memory.write(Memory.address(args[1]) + used, entry, 0, part);
      used += part;
      if (part < entry.length) {
        listing.unread();
      }
    }
    guest.memory.putInt32(args[4], (int) used);
  }
}
