package io.bundlet.core.container;

import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;

/**
 * What a container runs in.
 *
 * @param pod its pod
 * @param provider the name of the provider that runs it
 * @param sandbox its sandbox
 * @param config what the sandbox was made with
 */
public record SandboxScope(PodId pod, String provider, SandboxId sandbox, SandboxConfig config) {}
