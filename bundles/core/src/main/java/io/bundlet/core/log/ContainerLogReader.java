package io.bundlet.core.log;

import io.bundlet.api.admin.LogQuery;
import io.bundlet.api.admin.LogReader;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.time.NodeTime;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one attempt's log, and follows it over its rotations if that is wanted. */
final class ContainerLogReader extends Inbox implements LogReader {
  static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private static final Logger LOG = LoggerFactory.getLogger(ContainerLogReader.class);
  private static final int BYTES_AT_ONCE = 64 << 10;

  /** A file is at its end when it was that so often in a row, as a runtime's last lines come a moment late. */
  private static final int QUIET = 3;

  /** How long lines are still looked for in a file that was left. */
  private static final Duration LATE = Duration.ofSeconds(2);

  private final NodeTime time;
  private final LogQuery query;
  private final LogChain chain;
  private final BooleanSupplier ended;
  private final Runnable whenClosed;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final LogText text;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile boolean closed;
  private volatile String gone = "";
  private byte[] ready = new byte[0];
  private int given;
  private long left;
  private boolean finished;
  private int quiet;
  private LogInput late;
  private long lateUntil;

  /**
   * A reader; files are opened by the first read.
   *
   * @param ended whether this attempt writes no more; asked often, returns at once
   * @param whenClosed called once
   */
  ContainerLogReader(
      NodeTime time, LogQuery query, LogChain chain, BooleanSupplier ended, Runnable whenClosed) {
    super(time);
    this.time = time;
    this.query = query;
    this.chain = chain;
    this.ended = ended;
    this.whenClosed = whenClosed;
    this.left = query.limitBytes() == LogQuery.ALL ? Long.MAX_VALUE : query.limitBytes();
    this.text = new LogText(query, out);
  }

  @Override
  public int read(byte[] into) throws IOException, InterruptedException {
    reading.lockInterruptibly();
    try {
      while (given == ready.length) {
        if (closed || finished || left == 0) {
          if (!gone.isEmpty()) {
            throw new IOException(gone);
          }
          return -1;
        }
        readOn();
        ready = out.toByteArray();
        out.reset();
        given = 0;
      }
      int count = (int) Math.min(left, Math.min(into.length, ready.length - given));
      System.arraycopy(ready, given, into, 0, count);
      given += count;
      left -= count;
      if (left == 0) {
        ready = new byte[0];
        given = 0;
      }
      return count;
    } finally {
      reading.unlock();
      if (closed) {
        closeFiles();
      }
    }
  }

  private void readOn() throws IOException, InterruptedException {
    // Asked first: what was written until then is read afterwards.
    boolean over = ended.getAsBoolean();
    if (chain.now().isEmpty() && !chain.begin(new TailStart(query.tail(), query.stream()))) {
      waitOrFinish(over);
      return;
    }
    LogInput now = chain.now().orElseThrow();
    if (pull(now) || late()) {
      quiet = 0;
    } else if (!query.follow()) {
      finish(now);
    } else if (chain.isOver()) {
      goOn(now);
    } else {
      waitOrFinish(over);
    }
  }

  private void goOn(LogInput now) throws IOException, InterruptedException {
    if (++quiet < QUIET) {
      pause();
      return;
    }
    Optional<LogInput> before = chain.next();
    if (before.isEmpty()) {
      pause();
      return;
    }
    now.rest().ifPresent(text::add);
    closeLate();
    late = now;
    lateUntil = time.after(LATE);
    quiet = 0;
  }

  private void waitOrFinish(boolean over) throws InterruptedException {
    if (!query.follow() || over && ++quiet >= QUIET) {
      chain.now().ifPresentOrElse(this::finish, () -> finished = true);
    } else {
      pause();
    }
  }

  private void finish(LogInput last) {
    last.rest().ifPresent(text::add);
    text.end();
    finished = true;
  }

  private void pause() throws InterruptedException {
    await(() -> closed, time.after(LOOK_AGAIN));
  }

  private boolean late() throws IOException {
    if (late == null) {
      return false;
    }
    boolean some = pull(late);
    if (!some && time.nanos() - lateUntil > 0) {
      closeLate();
    }
    return some;
  }

  /** @return whether there was anything */
  private boolean pull(LogInput input) throws IOException {
    boolean some = false;
    try {
      while (out.size() < BYTES_AT_ONCE && !closed) {
        Optional<LogLine> line = input.next();
        if (line.isEmpty()) {
          return some;
        }
        text.add(line.get());
        some = true;
      }
    } catch (ZipException | EOFException damaged) {
      LOG.warn("a compressed log is damaged; what is behind the damage is left out: {}", damaged.getMessage());
      return false;
    }
    return true;
  }

  /** Closed because the core goes: the reader is told why there is no more. */
  void close(String why) {
    gone = why;
    close();
  }

  @Override
  public void close() {
    if (!closed) {
      post(() -> closed = true);
      closeFiles();
      whenClosed.run();
    }
  }

  /** By whoever comes last, the one who closes or the one who reads. */
  private void closeFiles() {
    if (reading.tryLock()) {
      try {
        chain.now().ifPresent(ContainerLogReader::close);
        closeLate();
      } finally {
        reading.unlock();
      }
    }
  }

  private void closeLate() {
    if (late != null) {
      close(late);
      late = null;
    }
  }

  private static void close(LogInput input) {
    try {
      input.close();
    } catch (IOException e) {
      LOG.debug("closing a log", e);
    }
  }
}
