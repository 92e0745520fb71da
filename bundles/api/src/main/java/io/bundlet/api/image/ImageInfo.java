package io.bundlet.api.image;

/**
 * What is known of an image that is here.
 *
 * @param ref the image
 * @param sizeBytes what it takes on disk; -1: not known
 */
public record ImageInfo(ImageRef ref, long sizeBytes) {}
