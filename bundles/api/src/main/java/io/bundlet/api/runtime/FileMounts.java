package io.bundlet.api.runtime;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * An optional part of a provider ({@link RuntimeProvider#part}) that says: a {@link Mount} of this provider's
 * containers may be a single file, not only a directory. The node then gives each container the pod's
 * {@code /etc/hosts}. It asks nothing of the provider but to say so, and has no methods.
 */
@ConsumerType
public interface FileMounts {}
