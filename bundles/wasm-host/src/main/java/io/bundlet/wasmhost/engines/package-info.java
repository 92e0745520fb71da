/**
 * The engines that are here now, and compiling with them: two modules at a time, each on a thread of its own with the
 * stack that the engine asks for, because native compilers recurse and compiling takes seconds.
 */
package io.bundlet.wasmhost.engines;
