package io.bundlet.api.image;

/**
 * An image that is here.
 *
 * @param reference how the manifest names it
 * @param id how the image service names it; stable while the content is the same
 */
public record ImageRef(String reference, String id) {}
