package io.bundlet.api.runtime;

import java.time.Duration;
import java.util.List;

/**
 * A command to be run in a container, without a shell, a terminal or input.
 *
 * @param command the program and its arguments; at least the program
 * @param timeout how long it may run; zero: as long as it likes, until the caller interrupts
 * @param outputLimit how many bytes of each of its outputs are wanted, 0 or more
 */
public record Exec(List<String> command, Duration timeout, int outputLimit) {
  public Exec {
    command = List.copyOf(command);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("a command without a program");
    }
    if (timeout.isNegative() || outputLimit < 0) {
      throw new IllegalArgumentException("neither the time nor the output of a command can be less than nothing");
    }
  }
}
