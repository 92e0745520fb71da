/**
 * The functions that guests import, behind trampolines. An instance holds objects of this package only; the host
 * module's service is looked up for each call and let through a gate, so that a module can be exchanged while its
 * guests run: the gate closes, the calls inside end, and calls that come wait a bounded time for the successor.
 */
package io.bundlet.wasmhost.modules;
