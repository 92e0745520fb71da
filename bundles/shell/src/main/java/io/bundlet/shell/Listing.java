package io.bundlet.shell;

import java.util.AbstractList;
import java.util.List;

/**
 * What a command lists. It is a list, so that a script can go through it, with a class of its own, so that it is
 * printed as a table.
 */
public final class Listing extends AbstractList<Object> {
  private final List<?> rows;
  private final String empty;

  Listing(List<?> rows, String empty) {
    this.rows = List.copyOf(rows);
    this.empty = empty;
  }

  List<?> rows() {
    return rows;
  }

  String empty() {
    return empty;
  }

  @Override
  public Object get(int index) {
    return rows.get(index);
  }

  @Override
  public int size() {
    return rows.size();
  }
}
