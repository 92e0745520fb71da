/**
 * What the volumes have in common whose files the node writes: a directory on disk, or in memory where the node may
 * mount that, whose content follows objects and is exchanged all at once.
 */
package io.bundlet.volumes.written;
