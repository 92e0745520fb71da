package io.bundlet.console;

import java.io.PrintStream;
import java.util.List;

/** Lines and nothing else: for files, pipes and logs. */
final class PlainScreen implements Screen {
  private final PrintStream out;
  private final PrintStream err;

  PlainScreen(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void line(String text) {
    out.print(text);
    out.print('\n');
  }

  @Override
  public void problem(String text) {
    out.flush();
    err.print(text);
    err.print('\n');
    err.flush();
  }

  @Override
  public void table(List<PodRow> rows) {}

  @Override
  public void flush() {
    out.flush();
  }
}
