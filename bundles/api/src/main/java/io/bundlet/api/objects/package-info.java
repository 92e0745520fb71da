/**
 * The Kubernetes objects that a pod may refer to, for those who fill its environment and its volumes: config maps,
 * secrets and tokens of its service account, read from the source that the pod itself came from. Values, never live
 * objects; who must know of changes watches a key and reads again.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.bundlet.api.objects;
