package io.bundlet.core.container;

/** When an image is pulled. The names are those of the manifest. */
public enum PullPolicy {
  /** Before each start. */
  Always,
  /** When it is not here. */
  IfNotPresent,
  /** Not at all: it must be here. */
  Never
}
