package io.bundlet.wasi.preview1.calls;

import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import io.bundlet.wasi.preview1.files.Descriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Waits for descriptors of Linux in slices, because no interrupt of Java ends a wait in the kernel. */
final class Waiting {
  /** As poll(2) has them. */
  static final int READABLE = 1;
  static final int WRITABLE = 4;
  static final int FAILED = 8;
  static final int HUNG_UP = 16;

  /** How long a kill may go unnoticed, in nanoseconds. */
  static final long SLICE = 20_000_000;
  /** How many bytes poll(2) takes for a descriptor. */
  static final int SIZE = 8;

  private Waiting() {}

  /** Waits until this is ready, failed or has lost its other side. Nothing when it always is ready. */
  static void until(Guest guest, Descriptor descriptor, int events) throws WasiFailure, GuestTrap {
    if (descriptor.number() == Descriptor.NONE) {
      return;
    }
    MemorySegment polled = guest.polled(1);
    put(polled, 0, descriptor.number(), events);
    do {
      Guest.checkKilled();
    } while (Errno.checked(guest.calls.poll(polled, 1, SLICE)) == 0);
  }

  static void put(MemorySegment polled, int index, int fd, int events) {
    polled.set(ValueLayout.JAVA_INT, (long) index * SIZE, fd);
    polled.set(ValueLayout.JAVA_SHORT, (long) index * SIZE + 4, (short) events);
    polled.set(ValueLayout.JAVA_SHORT, (long) index * SIZE + 6, (short) 0);
  }

  /** What has come. */
  static int came(MemorySegment polled, int index) {
    return polled.get(ValueLayout.JAVA_SHORT, (long) index * SIZE + 6);
  }
}
