/**
 * The logs of containers. A runtime writes a container's output into the file that the core has named, in the CRI log
 * format; everything else about logs is here. {@link io.bundlet.core.log.LogFiles} knows the names, {@link
 * io.bundlet.core.log.LogRotation} keeps the files small and few, and {@link io.bundlet.core.log.LogReading} opens
 * readers, which follow a log over its rotations. Nothing here holds more than a bounded part of a log in memory, and
 * nothing in a log is trusted: it is what a guest wrote, or half of that.
 */
package io.bundlet.core.log;
