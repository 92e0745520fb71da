package io.bundlet.wasi.preview1.files;

import io.bundlet.linux.FileDetails;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.FileType;
import io.bundlet.wasi.preview1.abi.Flags;
import io.bundlet.wasi.preview1.abi.Rights;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import java.lang.foreign.MemorySegment;

/**
 * What stands behind a number of the guest's, with the rights that it has there, which can only become fewer. A kind of
 * descriptor answers the calls that make sense for it; the others fail as they do here. The guest's thread only.
 */
public abstract class Descriptor {
  /** What {@link #number} gives when nothing of Linux is behind it. */
  public static final int NONE = -1;

  private long base;
  private long inheriting;
  private int flags;

  Descriptor(long base, long inheriting, int flags) {
    this.base = base;
    this.inheriting = inheriting;
    this.flags = flags;
  }

  /** What may be done with it. */
  public final long base() {
    return base;
  }

  /** What may be done, at most, with what is opened below it. */
  public final long inheriting() {
    return inheriting;
  }

  /** Its flags. */
  public final int flags() {
    return flags;
  }

  /** Whether the guest would rather have an error than wait. */
  public final boolean nonblocking() {
    return (flags & Flags.FD_NONBLOCK) != 0;
  }

  /** Fails unless it has all of these rights. */
  public final void require(long rights) throws WasiFailure {
    if ((base & rights) != rights) {
      throw Errno.NOTCAPABLE.failure();
    }
  }

  /** Gives rights up; nothing happens when it lacks any of those that are to stay. */
  public final void reduce(long newBase, long newInheriting) throws WasiFailure {
    if ((newBase & ~base) != 0 || (newInheriting & ~inheriting) != 0) {
      throw Errno.NOTCAPABLE.failure();
    }
    base = newBase;
    inheriting = newInheriting;
  }

  /** Sets its flags. */
  public final void setFlags(int wanted) throws WasiFailure {
    apply(wanted);
    flags = wanted;
  }

  /** Makes flags take effect. */
  abstract void apply(int wanted) throws WasiFailure;

  /** Lets go of what is behind it; once. */
  public abstract void close();

  /** Linux' number, for waiting until it is ready; {@link #NONE} when it always is. */
  public int number() {
    return NONE;
  }

  /** One of {@link FileType}. */
  public abstract int type();

  /** What is known of the file. */
  public abstract FileDetails details() throws WasiFailure;

  /**
   * Reads once.
   *
   * @param offset where; negative: where the descriptor stands
   * @return bytes, 0 at the end, or a negative errno of Linux
   */
  public long read(MemorySegment to, long length, long offset) throws WasiFailure {
    throw Errno.BADF.failure();
  }

  /** Writes once; as {@link #read}. EAGAIN means that it cannot take any just now. */
  public long write(MemorySegment from, long length, long offset) throws WasiFailure {
    throw Errno.BADF.failure();
  }

  /** Hears of a failure that the guest is not told now, because bytes came before it: the next read tells it. */
  public void failedAfterBytes(long failure) {}

  /** Hears that a guest's call has written, so that flags that ask for it can bring it to the disk. */
  public void written() throws WasiFailure {}

  /** How many bytes are there to read now, as far as that is known. */
  public long readable() throws WasiFailure {
    return 0;
  }

  /** Brings it to the disk. @param contentOnly whether its times may stay behind */
  public void sync(boolean contentOnly) throws WasiFailure {
    throw Errno.INVAL.failure();
  }

  /** Sets its times, with flags that are valid together. */
  public void setTimes(Times times) throws WasiFailure {
    throw Errno.BADF.failure();
  }

  /** The file behind it. */
  public OpenFile file() throws WasiFailure {
    throw Errno.SPIPE.failure();
  }

  /** The directory behind it. */
  public OpenDirectory directory() throws WasiFailure {
    throw Errno.NOTDIR.failure();
  }

  /** The socket behind it that listens. */
  public Listener listener() throws WasiFailure {
    throw Errno.NOTSOCK.failure();
  }

  /** The connection behind it. */
  public Connection connection() throws WasiFailure {
    throw Errno.NOTSOCK.failure();
  }

  /** The rights of those in {@link Rights} that are wanted, make sense and may be had. */
  static long granted(long wanted, long sensible, long had) throws WasiFailure {
    if ((wanted & Rights.ALL & ~had) != 0) {
      throw Errno.NOTCAPABLE.failure();
    }
    return wanted & sensible;
  }
}
