/**
 * Sandboxes and containers: what has been made, how it is, who hears of it. A sandbox is a record. A container goes
 * from Created over Running to Exited and never back; while it runs it has a guest. Whoever calls holds ids only.
 */
package io.bundlet.wasmhost.instances;
