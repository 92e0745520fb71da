package io.bundlet.shell;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;

/**
 * What the client sends as input of its command. It is asked for piece by piece, and sent when it was asked for, so
 * that nothing waits here that no command wants, and the client's leaving is noticed at any time. One thread reads, one
 * takes.
 */
final class ClientInput extends InputStream {
  /** The kind of a frame with input, and of one that asks for it. */
  static final char KIND = 'i';

  static final int MAX_PIECE = 8192;

  /** Asks the client for input. */
  @FunctionalInterface
  interface Asking {
    void ask() throws IOException;
  }

  private final Asking asking;
  private byte[] piece = {};
  private int at;
  private boolean asked;
  private boolean ended;

  ClientInput(Asking asking) {
    this.asking = asking;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public synchronized int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    while (at == piece.length && !ended) {
      if (!asked) {
        asked = true;
        asking.ask();
      }
      try {
        wait();
      } catch (InterruptedException left) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("the client has left");
      }
    }
    if (length == 0 || at == piece.length) {
      return length == 0 ? 0 : -1;
    }
    int count = Math.min(length, piece.length - at);
    System.arraycopy(piece, at, into, offset, count);
    at += count;
    return count;
  }

  /** Takes one frame that the client sends. @return false when it has left, or sends what it was not asked for */
  boolean take(DataInputStream from) throws IOException {
    if (from.read() != KIND) {
      return false;
    }
    int length = from.readInt();
    if (length < 0 || length > MAX_PIECE) {
      return false;
    }
    byte[] content = new byte[length];
    from.readFully(content);
    synchronized (this) {
      if (!asked || ended) {
        return false;
      }
      asked = false;
      piece = content;
      at = 0;
      ended = length == 0;
      notifyAll();
    }
    return true;
  }
}
