package io.bundlet.api.admin;

import java.io.IOException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A container's log as text, as {@link NodeAdmin#logs} was asked for it. Read by one thread; {@link #close} may be
 * called from any.
 */
@ProviderType
public interface LogReader extends AutoCloseable {
  /**
   * Reads on. When the log is followed it waits for more; an interrupt ends the wait at once.
   *
   * @param into gets the bytes, UTF-8 if the container writes that; not empty
   * @return how many bytes, at least 1; -1 at the end: all was read, or the reader was closed
   * @throws IOException when the log cannot be read, or the core of the node goes
   */
  int read(byte[] into) throws IOException, InterruptedException;

  /** Ends a {@link #read} and gives the files back. Returns at once; again does nothing. */
  @Override
  void close();
}
