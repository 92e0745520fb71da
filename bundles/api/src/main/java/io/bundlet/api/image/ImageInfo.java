package io.bundlet.api.image;

/**
 * What is known of an image that is here.
 *
 * @param ref the image
 * @param sizeBytes what it takes on disk; -1: not known
 * @param user as whom its processes run where nobody says otherwise: a number, or a name that is known in the image;
 *     empty: what runs images of this kind knows no users
 * @param digest what it is called wherever it may come from, such as {@code example.com/web@sha256:...}, for the pod's
 *     status; empty: by its id alone
 */
public record ImageInfo(ImageRef ref, long sizeBytes, String user, String digest) {
  /** An image that has no other name than its id. */
  public ImageInfo(ImageRef ref, long sizeBytes, String user) {
    this(ref, sizeBytes, user, "");
  }

  /** An image whose processes have no users. */
  public ImageInfo(ImageRef ref, long sizeBytes) {
    this(ref, sizeBytes, "");
  }
}
