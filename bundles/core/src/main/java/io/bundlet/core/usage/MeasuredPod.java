package io.bundlet.core.usage;

import java.util.Map;

/** A pod that runs, as what it uses is found out. */
public interface MeasuredPod {
  /** Its uid. */
  String uid();

  /** Its provider's name. */
  String provider();

  /** The ids of the present instances of its containers, by name; returns at once. */
  Map<String, String> containerIds();

  /** Looks at all of its files; blocks for as long as that takes. An interrupt ends it soon. */
  DiskUse disk() throws InterruptedException;
}
