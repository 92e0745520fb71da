/**
 * emptyDir volumes: a directory that lives as long as its pod, on disk or in memory. Their size is watched from outside
 * (see {@link io.bundlet.api.volume.UsagePart}), as a directory on disk has no bound of its own; those in memory have.
 */
package io.bundlet.volumes.emptydir;
