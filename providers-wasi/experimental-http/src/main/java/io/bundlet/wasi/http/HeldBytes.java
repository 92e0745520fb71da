package io.bundlet.wasi.http;

import java.nio.channels.Channel;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Counts the bytes of heap that all guests together hold here: bodies of requests under way, answers as they come, open
 * responses. Any thread.
 *
 * <p>What a guest has open is counted until its channel is closed. Such a channel stands for the guest's life: the host
 * closes it with the guest, and it is of the JDK, so that a guest that goes on keeps nothing of this bundle.
 */
final class HeldBytes {
  private final LongSupplier most;
  private final Map<Channel, Long> open = new HashMap<>();
  private long all;

  /** @param most how many there may be, asked each time */
  HeldBytes(LongSupplier most) {
    this.most = most;
  }

  /** Of one request. Nothing is taken once it is closed: who still reads an answer then reads it for nobody. */
  final class Share implements AutoCloseable {
    private long mine;
    private boolean closed;

    private Share() {}

    /** Takes that many more. @throws Refused when all guests would hold too many */
    void take(long bytes) throws Refused {
      synchronized (HeldBytes.this) {
        if (closed) {
          throw Code.REQUEST.because("the request has come to its end");
        }
        requireRoom(bytes);
        mine += bytes;
        all += bytes;
      }
    }

    /** Gives some of them back. */
    void give(long bytes) {
      synchronized (HeldBytes.this) {
        if (!closed) {
          mine -= bytes;
          all -= bytes;
        }
      }
    }

    /** Gives back all that is left of it and counts what the guest has open from now on, in one step. */
    void leave(Channel guest, long bytes) {
      synchronized (HeldBytes.this) {
        close();
        opened(guest, bytes);
      }
    }

    @Override
    public void close() {
      synchronized (HeldBytes.this) {
        all -= mine;
        mine = 0;
        closed = true;
      }
    }
  }

  /** For a request that begins. */
  Share share() {
    return new Share();
  }

  /** A guest's open responses have that many bytes now. They are there already, so nothing is refused. */
  synchronized void opened(Channel guest, long bytes) {
    forgetEnded();
    Long before = bytes == 0 ? open.remove(guest) : open.put(guest, bytes);
    all += bytes - (before == null ? 0 : before);
  }

  private void requireRoom(long bytes) throws Refused {
    if (bytes > most.getAsLong() - all) {
      forgetEnded();
    }
    if (bytes > most.getAsLong() - all) {
      throw Code.RUNTIME.because("all guests together would hold more than " + most.getAsLong() + " bytes");
    }
  }

  private void forgetEnded() {
    for (Iterator<Map.Entry<Channel, Long>> each = open.entrySet().iterator(); each.hasNext(); ) {
      Map.Entry<Channel, Long> guest = each.next();
      if (!guest.getKey().isOpen()) {
        all -= guest.getValue();
        each.remove();
      }
    }
  }
}
