package io.bundlet.api.runtime;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * An optional part of a provider ({@link RuntimeProvider#part}) that says: a container can share the processes of
 * another one of its pod ({@link ContainerConfig#target}), as a debugger wants it.
 */
@ConsumerType
public interface ProcessTargets {}
