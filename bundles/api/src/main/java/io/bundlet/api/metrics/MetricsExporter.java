package io.bundlet.api.metrics;

import java.io.IOException;
import java.io.OutputStream;
import org.osgi.annotation.versioning.ConsumerType;

/** Writes the numbers of all sources in the language of a monitoring system. A service; whoever serves HTTP uses it. */
@ConsumerType
public interface MetricsExporter {
  /** The media type of what is written, such as {@code text/plain; version=0.0.4; charset=utf-8}. */
  String contentType();

  /**
   * Asks the sources of a group, then writes what they tell. Blocks only for as long as the stream takes what is
   * written to it; no source waits meanwhile. By any thread, several at a time.
   *
   * @param group a value of {@link MetricsSource#GROUP}; empty: the node's own numbers
   * @param out stays open
   * @throws IOException from the stream
   */
  void write(String group, OutputStream out) throws IOException;
}
