package io.bundlet.api.runtime;

/**
 * To which streams of a process in a container somebody wants to be joined.
 *
 * @param stdin whether what he sends is its input
 * @param stdout whether he gets its output
 * @param stderr whether he gets its error output; never with a terminal, whose output has it
 * @param tty whether its streams are a terminal
 */
public record Streams(boolean stdin, boolean stdout, boolean stderr, boolean tty) {
  public Streams {
    if (!stdin && !stdout && !stderr) {
      throw new IllegalArgumentException("at least one of the streams stdin, stdout and stderr has to be asked for");
    }
    if (tty && stderr) {
      throw new IllegalArgumentException("a terminal has no error output of its own");
    }
  }
}
