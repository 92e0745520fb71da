/** Reads a volume source as it stands in the manifest, and names the field when something is wrong with it. */
package io.bundlet.volumes.source;
