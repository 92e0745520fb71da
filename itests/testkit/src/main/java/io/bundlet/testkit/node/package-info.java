/**
 * A Bundlet node as a test sees it from outside: a process, its files, its shell, its clients. Nothing here asks the
 * node whether it is well; effects are read from guests, the kernel and the runtime.
 */
package io.bundlet.testkit.node;
