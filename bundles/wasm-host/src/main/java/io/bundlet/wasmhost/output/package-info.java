/**
 * What guests say, written into their log files. One thread, the pump, reads all guests' FIFOs and writes all log files
 * in the CRI log format. It reads no more than it writes, so when the disk is slow the FIFOs fill and the guests wait;
 * nothing piles up in memory. No guest's thread ever touches a log file, so that the interrupt that ends a guest harms
 * no file.
 */
package io.bundlet.wasmhost.output;
