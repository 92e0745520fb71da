package io.bundlet.core.container;

import io.bundlet.core.image.ImageName;

/** When an image is pulled. The names are those of the manifest. */
public enum PullPolicy {
  /** Before each start. */
  Always,
  /** When it is not here. */
  IfNotPresent,
  /** Not at all: it must be here. */
  Never;

  /** What a manifest says, or, if it says nothing, what follows from the image's tag. */
  public static PullPolicy of(String written, String image) {
    if (written != null && !written.isEmpty()) {
      return valueOf(written);
    }
    return ImageName.floats(image) ? Always : IfNotPresent;
  }
}
