/**
 * Running guests, each on a platform thread of its own with the stack that its engine asks for and a low priority. A
 * guest is a command, which runs once from begin to end, or an actor, which serves requests one at a time. Ending one
 * goes in three steps, each bounded: its grace, the engine's kill, and two seconds later the thread is given up.
 */
package io.bundlet.wasmhost.guests;
