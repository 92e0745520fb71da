package io.bundlet.e2e.bench;

import java.nio.file.Path;
import java.util.List;

/** A way to run the tests' programs in C, whose lines are heard from outside as they come. */
interface Runner {
  /** How it is called in the tables. */
  String name();

  /** How a program that is run so names a file in a directory that all ways share. */
  String shared(Path file);

  /**
   * Runs a program to its end.
   *
   * @param program one of {@code itests/guests}, without an ending
   * @throws java.io.IOException when it fails, or does not end in time
   */
  Heard run(String program, List<String> args) throws Exception;
}
