/**
 * Images, as far as the core has a say in them: as whom registries are asked for them (the secrets of a pod, the node's
 * own file), how many are pulled at a time, and which are removed when the file system that they are on gets full.
 * What an image is, where it comes from and how it is kept is its runtime's business. When a container's image is
 * pulled, and what happens when that fails, is decided by the container's own machine.
 *
 * <p>Nothing here writes a password anywhere: what cannot be read of secrets and files is told by its place alone.
 */
package io.bundlet.core.image;
