package io.bundlet.apiserver.pods;

import java.util.Map;

/** Hears of pods in the API server, mirrors too; from one thread. Never blocks. */
public interface KnownPodsListener {
  /** A whole list was read; what is in it was told before. */
  void listed();

  /** A pod came or is now like this, as a tree. */
  void changed(Map<String, Object> pod);

  /** A pod is not there any more. */
  void removed(String uid);
}
