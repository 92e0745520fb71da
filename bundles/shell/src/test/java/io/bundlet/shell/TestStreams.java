package io.bundlet.shell;

import java.io.InputStream;
import java.io.PrintStream;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;

/**
 * The shell's streams, one a thread, over those of the tests. A session that has ended may still have a thread that
 * puts its streams back in place; so the first ones are put back before anybody begins.
 */
final class TestStreams {
  private static final InputStream IN = System.in;
  private static final PrintStream OUT = System.out;
  private static final PrintStream ERR = System.err;

  private TestStreams() {}

  static void begin(ThreadIOImpl io) {
    System.setIn(IN);
    System.setOut(OUT);
    System.setErr(ERR);
    io.start();
  }
}
