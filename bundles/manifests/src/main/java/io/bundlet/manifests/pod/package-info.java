/** Pods from documents: what an API server would refuse is refused, what it would fill in is filled in. */
package io.bundlet.manifests.pod;
