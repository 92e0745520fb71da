package io.bundlet.wasi.preview1.abi;

/**
 * What a guest waits for. Which of the fields mean something depends on the kind.
 *
 * @param userdata the guest's, given back with the event
 * @param kind {@link #CLOCK}, {@link #READ}, {@link #WRITE}, or a number that means nothing
 * @param fd for reading and writing, the descriptor
 * @param clock for a clock, which one
 * @param timeout for a clock, nanoseconds, without a sign
 * @param clockFlags for a clock, {@link #ABSOLUTE} or 0
 */
public record Subscription(long userdata, int kind, int fd, int clock, long timeout, int clockFlags) {
  public static final int CLOCK = 0;
  public static final int READ = 1;
  public static final int WRITE = 2;
  public static final int ABSOLUTE = 1;
}
