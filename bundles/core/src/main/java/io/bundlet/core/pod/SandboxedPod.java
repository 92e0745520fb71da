package io.bundlet.core.pod;

import io.bundlet.api.runtime.SandboxId;
import io.fabric8.kubernetes.api.model.Pod;

/**
 * A pod that has a sandbox.
 *
 * @param pod as it is wanted
 * @param provider who runs it
 * @param sandbox the sandbox
 */
public record SandboxedPod(Pod pod, String provider, SandboxId sandbox) {}
