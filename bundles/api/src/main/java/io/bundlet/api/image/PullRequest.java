package io.bundlet.api.image;

import io.bundlet.api.runtime.SandboxConfig;

/**
 * An image to be brought here.
 *
 * @param reference as in the manifest
 * @param sandbox the sandbox that it is wanted for: runtimes account a pull to it
 */
public record PullRequest(String reference, SandboxConfig sandbox) {}
