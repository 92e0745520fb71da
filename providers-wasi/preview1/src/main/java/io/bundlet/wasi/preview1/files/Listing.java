package io.bundlet.wasi.preview1.files;

import io.bundlet.linux.LinuxFailure;
import io.bundlet.linux.SystemCalls;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.FileType;
import io.bundlet.wasi.preview1.abi.Memory;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The entries of an open directory. A cookie is the file system's own offset behind an entry, so it stays valid while
 * names come and go: what was there all the time is seen once. The last batch from the kernel is kept, because a guest
 * comes back for the rest of it with the cookie of the last entry that it could take.
 */
public final class Listing {
  /** An entry before its name: next cookie, inode, the name's length, the kind. */
  public static final int HEAD = 24;
  private static final int LINUX_HEAD = 19;

  private final SystemCalls calls;
  private final int fd;
  private byte[] batch = {};
  private int position;
  /** The cookie of what stands at the position. */
  private long cookie;
  private int lastPosition;
  private long lastCookie;

  Listing(SystemCalls calls, int fd) {
    this.calls = calls;
    this.fd = fd;
  }

  /** Goes to the entry with this cookie; 0 is the begin, which sees the directory as it is now. */
  public void seek(long wanted) throws WasiFailure {
    if (wanted == cookie && wanted != 0) {
      return;
    }
    position = 0;
    batch = new byte[0];
    Errno.checked(wanted < 0 ? -LinuxFailure.EINVAL : calls.seek(fd, wanted, 0));
    cookie = wanted;
  }

  /**
   * The entry here, in the form that the guest gets, and goes to the next one.
   *
   * @param room for a batch
   * @return null at the end
   */
  public byte[] next(MemorySegment room) throws WasiFailure {
    if (position >= batch.length) {
      int read = (int) Errno.checked(calls.entries(fd, room, room.byteSize()));
      batch = new byte[read];
      position = 0;
      MemorySegment.copy(room, ValueLayout.JAVA_BYTE, 0, batch, 0, read);
      if (read == 0) {
        return null;
      }
    }
    lastPosition = position;
    lastCookie = cookie;
    int length = Memory.int16(batch, position + 16);
    int end = position + LINUX_HEAD;
    while (end < position + length && batch[end] != 0) {
      end++;
    }
    int name = end - position - LINUX_HEAD;
    byte[] entry = new byte[HEAD + name];
    cookie = Memory.int64(batch, position + 8);
    Memory.putInt64(entry, 0, cookie);
    Memory.putInt64(entry, 8, Memory.int64(batch, position));
    Memory.putInt32(entry, 16, name);
    // What readdir calls a type is a mode's kind without its lower bits.
    entry[20] = (byte) FileType.ofMode(batch[position + 18] << 12);
    System.arraycopy(batch, position + LINUX_HEAD, entry, HEAD, name);
    position += length;
    return entry;
  }

  /** Goes back to the last entry, which the guest could not take. */
  public void unread() {
    position = lastPosition;
    cookie = lastCookie;
  }
}
