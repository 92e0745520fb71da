/**
 * What the node must remember over its own death: for each pod, what was wanted, which provider runs it, which sandbox
 * and containers were made, and how they ended. A record is written before the act that depends on it. The file is a
 * log of checksummed lines, written by one thread with group commit and rewritten when it has grown; a torn tail is cut
 * off. A file that could not be written is rewritten as soon as it can be; until then no save succeeds.
 */
package io.bundlet.core.store;
