/** The runtime classes of the cluster: which handler a pod means by {@code runtimeClassName}. */
package io.bundlet.apiserver.classes;
