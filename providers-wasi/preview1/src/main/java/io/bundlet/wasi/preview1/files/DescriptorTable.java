package io.bundlet.wasi.preview1.files;

import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/** A guest's descriptors by its numbers; the lowest free one is used next, as with Linux. The guest's thread only. */
public final class DescriptorTable {
  private final int limit;
  private final AtomicLong open;
  private Descriptor[] all = new Descriptor[8];
  private int lowestFree;

  /** @param limit how many may be open @param open is kept at how many are, for other threads to read */
  public DescriptorTable(int limit, AtomicLong open) {
    this.limit = limit;
    this.open = open;
  }

  /** The descriptor with this number. */
  public Descriptor get(long slot) throws WasiFailure {
    int fd = (int) slot;
    if (fd < 0 || fd >= all.length || all[fd] == null) {
      throw Errno.BADF.failure();
    }
    return all[fd];
  }

  /** Fails when no further one may be opened. */
  public void checkRoom() throws WasiFailure {
    if (open.get() >= limit) {
      throw Errno.MFILE.failure();
    }
  }

  /** Takes a descriptor, which is the table's from now on. @return its number */
  public int add(Descriptor descriptor) {
    int fd = lowestFree;
    if (fd >= all.length) {
      all = Arrays.copyOf(all, all.length * 2);
    }
    all[fd] = descriptor;
    count(1);
    findFree(fd + 1);
    return fd;
  }

  /** Closes the descriptor with this number. */
  public void close(long slot) throws WasiFailure {
    Descriptor closed = get(slot);
    remove((int) slot);
    closed.close();
  }

  /** Gives a descriptor another number, whose descriptor is closed. Both must be there. */
  public void renumber(long from, long to) throws WasiFailure {
    Descriptor moved = get(from);
    Descriptor closed = get(to);
    if ((int) from != (int) to) {
      all[(int) to] = moved;
      remove((int) from);
      closed.close();
    }
  }

  /** Closes all of them. */
  public void closeAll() {
    for (int fd = 0; fd < all.length; fd++) {
      Descriptor closed = all[fd];
      if (closed != null) {
        remove(fd);
        closed.close();
      }
    }
  }

  private void remove(int fd) {
    all[fd] = null;
    lowestFree = Math.min(lowestFree, fd);
    count(-1);
  }

  private void findFree(int from) {
    lowestFree = from;
    while (lowestFree < all.length && all[lowestFree] != null) {
      lowestFree++;
    }
  }

  private void count(int more) {
    open.setRelease(open.getPlain() + more); // one thread writes
  }
}
