package io.bundlet.apiserver.watch;

import java.util.List;
import java.util.Map;

/**
 * Hears what is in the server; from one thread, and never blocks. Objects are trees, each with name and uid, without
 * managed fields, and belong to the one who hears of them.
 */
public interface ReflectorSink {
  /** These are all that there are. */
  void replaced(List<Map<String, Object>> all);

  /** This one came, or is now like this. */
  void changed(Map<String, Object> object);

  /** This one is not there any more; it was like this at last. */
  void removed(Map<String, Object> object);

  /**
   * Whether changes are heard of.
   *
   * @param problem why not, for people; null: they are
   */
  default void trouble(Exception problem) {}
}
