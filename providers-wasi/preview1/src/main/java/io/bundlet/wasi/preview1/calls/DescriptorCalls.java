package io.bundlet.wasi.preview1.calls;

import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Flags;
import io.bundlet.wasi.preview1.abi.Layout;
import io.bundlet.wasi.preview1.abi.Memory;
import io.bundlet.wasi.preview1.abi.Rights;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import io.bundlet.wasi.preview1.files.Descriptor;
import io.bundlet.wasi.preview1.files.Listener;
import io.bundlet.wasi.preview1.files.OpenDirectory;
import io.bundlet.wasi.preview1.files.Times;
import java.util.Map;

/** What can be done with every descriptor: asking what it is, changing what it may do, closing and moving it. */
final class DescriptorCalls {
  private static final int FDSTAT_SIZE = 24;
  /** A tag that the specification does not have. */
  private static final byte NO_DIRECTORY = 1;

  private DescriptorCalls() {}

  static Map<String, Function> functions(Layout layout) {
    return Map.of(
        "fd_close", Function.of("i", (guest, args) -> guest.descriptors.close(args[0])),
        "fd_renumber", Function.of("ii", (guest, args) -> guest.descriptors.renumber(args[0], args[1])),
        "fd_fdstat_get", Function.of("ii", DescriptorCalls::fdstat),
        "fd_fdstat_set_flags", Function.of("ii", DescriptorCalls::setFlags),
        "fd_fdstat_set_rights", Function.of("iII", (guest, args) ->
            guest.descriptors.get(args[0]).reduce(args[1], args[2])),
        "fd_filestat_get", Function.of("ii", (guest, args) -> {
          Descriptor descriptor = descriptor(guest, args[0], Rights.FD_FILESTAT_GET);
          guest.memory.check(args[1], layout.filestatSize());
          guest.memory.write(args[1], layout.filestat(descriptor.details()), 0, layout.filestatSize());
        }),
        "fd_filestat_set_times", Function.of("iIIi", (guest, args) -> {
          Descriptor descriptor = descriptor(guest, args[0], Rights.FD_FILESTAT_SET_TIMES);
          descriptor.setTimes(Times.of(args[1], args[2], Flags.ofTimes(args[3])));
        }),
        "fd_prestat_get", Function.of("ii", DescriptorCalls::prestat),
        "fd_prestat_dir_name", Function.of("iii", DescriptorCalls::prestatName));
  }

  /** The descriptor with this number, which must have these rights. */
  static Descriptor descriptor(Guest guest, long number, long rights) throws WasiFailure {
    Descriptor descriptor = guest.descriptors.get(number);
    descriptor.require(rights);
    return descriptor;
  }

  private static void fdstat(Guest guest, long[] args) throws WasiFailure, GuestTrap {
    Descriptor descriptor = guest.descriptors.get(args[0]);
    byte[] struct = new byte[FDSTAT_SIZE];
    struct[0] = (byte) descriptor.type();
    Memory.putInt16(struct, 2, descriptor.flags());
    Memory.putInt64(struct, 8, descriptor.base());
    Memory.putInt64(struct, 16, descriptor.inheriting());
    guest.memory.write(args[1], struct, 0, struct.length);
  }

  private static void setFlags(Guest guest, long[] args) throws WasiFailure {
    Descriptor descriptor = descriptor(guest, args[0], Rights.FD_FDSTAT_SET_FLAGS);
    descriptor.setFlags(Flags.ofDescriptor(args[1]));
  }

  private static byte[] givenAs(Guest guest, long number) throws WasiFailure {
    if (guest.descriptors.get(number) instanceof OpenDirectory directory && directory.givenAs().isPresent()) {
      return directory.givenAs().get();
    }
    throw Errno.BADF.failure();
  }

  /**
   * A tag, which is 0 for a directory, and the length of its name. C libraries look at one number after the other until
   * there is none; a socket that the guest was given has another tag, so that they go on to the directories after it.
   */
  private static void prestat(Guest guest, long[] args) throws WasiFailure, GuestTrap {
    byte[] struct = new byte[8];
    if (guest.descriptors.get(args[0]) instanceof Listener) {
      struct[0] = NO_DIRECTORY;
    } else {
      Memory.putInt32(struct, 4, givenAs(guest, args[0]).length);
    }
    guest.memory.write(args[1], struct, 0, struct.length);
  }

  private static void prestatName(Guest guest, long[] args) throws WasiFailure, GuestTrap {
    byte[] name = givenAs(guest, args[0]);
    guest.memory.check(args[1], Memory.address(args[2]));
    if (Memory.address(args[2]) < name.length) {
      throw Errno.NAMETOOLONG.failure();
    }
    guest.memory.write(args[1], name, 0, name.length);
  }
}
