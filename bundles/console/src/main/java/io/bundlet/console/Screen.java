package io.bundlet.console;

import java.util.List;

/** Where the console prints. Used by one thread. */
interface Screen {
  /** One line, as soon as the screen is flushed. */
  void line(String text);

  /** One line about something that is wrong. */
  void problem(String text);

  /** How the pods are now; ignored by screens without a table. */
  void table(List<PodRow> rows);

  /** Makes everything visible. */
  void flush();
}
