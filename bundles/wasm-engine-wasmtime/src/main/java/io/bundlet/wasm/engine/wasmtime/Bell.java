package io.bundlet.wasm.engine.wasmtime;

import io.bundlet.linux.Fifos;
import io.github.kawamuray.wasmtime.Disposable;
import io.github.kawamuray.wasmtime.wasi.FileCaps;
import io.github.kawamuray.wasmtime.wasi.WasiCtx;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes one guest from its sleep in native code, which no signal and no epoch ends. It is a FIFO without a name, whose
 * writing end is among the guest's descriptors and good for nothing but to be polled, as {@code poll.wat} does beside
 * the clock. As long as the host has the reading end open nothing happens to it; when that is closed the poll ends.
 * A guest that closes the descriptor, or gives up its rights to it, sleeps in slices; none can put another one in its
 * place, which {@code renumber.wat} refuses.
 */
final class Bell implements Disposable {
  /** The guest's descriptor, which {@code poll.wat} knows. No guest comes there by counting. */
  static final int DESCRIPTOR = 1 << 30;
  /** How the FIFOs are called for the moment in which they have a name. */
  static final String NAME = "bell";

  private static final Logger log = LoggerFactory.getLogger(Bell.class);
  /** Process numbers are no names: containers that share a directory have the same ones. */
  private static final String PROCESS = UUID.randomUUID().toString();
  private static final AtomicLong MADE = new AtomicLong();

  private final FileChannel readingEnd;

  private Bell(FileChannel readingEnd) {
    this.readingEnd = readingEnd;
  }

  /** Puts one among the descriptors of a guest that is not running yet. @param scratch where the FIFO is made */
  static Bell hang(WasiCtx context, Path scratch) throws IOException {
    Path path = scratch.resolve(NAME + "-" + PROCESS + "-" + MADE.getAndIncrement());
    Fifos.make(path);
    try {
      // Open for both, because opening for one would wait for the other.
      FileChannel readingEnd = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        context.insertFile(DESCRIPTOR, path, EnumSet.of(FileCaps.POLL_READWRITE));
        return new Bell(readingEnd);
      } catch (RuntimeException refused) {
        readingEnd.close();
        throw refused;
      }
    } finally {
      Files.deleteIfExists(path);
    }
  }

  /** Wakes the guest, and keeps it from sleeping so deeply again. From any thread, also more than once. */
  void ring() {
    try {
      readingEnd.close();
    } catch (IOException e) {
      log.warn("a guest sleeps on until its clock wakes it: {}", e.toString());
    }
  }

  @Override
  public void dispose() {
    ring();
  }
}
