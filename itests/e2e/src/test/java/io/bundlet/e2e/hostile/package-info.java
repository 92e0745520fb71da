/**
 * Guests that mean harm, one kind at a time, beside a pod that counts and an actor that answers. How long those
 * pause is read from what they write and answer; memory and threads from the JVM's tools and the kernel.
 */
package io.bundlet.e2e.hostile;
