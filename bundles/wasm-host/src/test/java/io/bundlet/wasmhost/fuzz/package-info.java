/**
 * Engines under fire, each in a process of its own, so that one that dies is noticed and not the tests' end: modules
 * that were changed at random, and guests that are killed at random moments. What counts besides their answers is what
 * is left of them in the process, as the kernel has it.
 */
package io.bundlet.wasmhost.fuzz;
