package io.bundlet.api.admin;

/**
 * What a volume of a running pod took when it was measured last.
 *
 * @param name its name in the pod
 * @param bytes in blocks that are taken
 * @param inodes files, directories and links
 */
public record VolumeUsageView(String name, long bytes, long inodes) {}
