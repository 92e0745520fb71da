/**
 * Files that are exchanged all at once. A reader sees all of the old content or all of the new: the files lie in a
 * directory with a time in its name, {@code ..data} is a link to it that is exchanged by a rename, and what a reader
 * opens are links through {@code ..data}. The layout is that of the Kubernetes kubelet, which programs that watch
 * {@code ..data} rely on. It may be cut off anywhere by the process' death: what is left over is removed by the next
 * writing.
 */
package io.bundlet.volumes.atomic;
