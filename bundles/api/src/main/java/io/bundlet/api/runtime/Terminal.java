package io.bundlet.api.runtime;

/**
 * What of a terminal a container has.
 *
 * @param tty whether its standard streams are a terminal; then it has no stream for errors of its own
 * @param stdin whether its standard input is kept open for those who attach; else it reads as ended
 * @param stdinOnce whether its standard input ends with the first who attached and left
 */
public record Terminal(boolean tty, boolean stdin, boolean stdinOnce) {
  /** Nothing of it. */
  public static final Terminal NONE = new Terminal(false, false, false);
}
