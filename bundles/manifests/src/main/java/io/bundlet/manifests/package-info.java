/**
 * The pod source that reads files: pods from YAML or JSON manifests, as a kubelet reads its static pods. A directory is
 * watched; what is wrong in a file is told with file, line and field path and never disturbs the other pods.
 *
 * <p>What a file says is what is wanted: a deleted file ends its pods, an edited pod is a new pod under a new uid. A
 * file that turned wrong is no wish at all: its pods stay as they were until it is right again or gone. The uid follows
 * from the node, the file's path and the pod's content, so that it is the same after a restart. Amounts of processor
 * time and memory are not part of that: they may change while the pod runs.
 *
 * <p>Names: a pod is named as in its manifest, in {@code bundlet run} and in {@code bundlet node}. A kubelet that has
 * an API server appends its node's name, so that the mirror pods of different nodes do not collide; the setting
 * {@code name.suffix} does that, and is off where there is no API server and therefore nothing to collide with.
 *
 * <p>Relative {@code file:} images and relative hostPath volumes are taken from the manifest's directory.
 */
package io.bundlet.manifests;
