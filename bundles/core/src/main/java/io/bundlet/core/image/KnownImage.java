package io.bundlet.core.image;

import io.bundlet.api.image.ImageInfo;

/**
 * An image as the collector has come to know it.
 *
 * @param info what it is
 * @param seenNanos when it was seen first
 * @param usedNanos when it was last seen in use; before that, when it was seen first
 */
record KnownImage(ImageInfo info, long seenNanos, long usedNanos) {
  String id() {
    return info.ref().id();
  }

  /** For people. */
  String name() {
    return info.ref().reference();
  }

  long bytes() {
    return Math.max(0, info.sizeBytes());
  }

  KnownImage now(ImageInfo other, boolean used, long nanos) {
    return new KnownImage(other, seenNanos, used ? nanos : usedNanos);
  }
}
