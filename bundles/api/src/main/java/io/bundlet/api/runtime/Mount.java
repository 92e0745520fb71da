package io.bundlet.api.runtime;

import java.nio.file.Path;

/**
 * A file or directory of the host that a container sees.
 *
 * @param containerPath absolute path inside
 * @param hostPath absolute path on the host; it exists
 * @param readOnly whether the container may not write
 */
public record Mount(String containerPath, Path hostPath, boolean readOnly) {}
