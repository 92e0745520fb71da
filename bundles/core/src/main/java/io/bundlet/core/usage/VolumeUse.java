package io.bundlet.core.usage;

/**
 * What a volume takes.
 *
 * @param bytes in blocks that are taken
 * @param inodes files, directories and links
 * @param limitBytes the most that it may take; 0: no limit of its own
 * @param onDisk whether it counts as ephemeral storage of the pod
 * @param unmeasurable whether the pod has made of it what cannot be measured, which is more than any limit
 */
public record VolumeUse(long bytes, long inodes, long limitBytes, boolean onDisk, boolean unmeasurable) {}
