package io.bundlet.api.image;

/**
 * What is known of an image that is here.
 *
 * @param ref the image
 * @param sizeBytes what it takes on disk; -1: not known
 * @param user as whom its processes run where nobody says otherwise: a number, or a name that is known in the image;
 *     empty: what runs images of this kind knows no users
 */
public record ImageInfo(ImageRef ref, long sizeBytes, String user) {
  /** An image whose processes have no users. */
  public ImageInfo(ImageRef ref, long sizeBytes) {
    this(ref, sizeBytes, "");
  }
}
