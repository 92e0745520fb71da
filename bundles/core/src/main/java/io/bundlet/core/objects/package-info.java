/**
 * The objects that pods refer to, by the source that a pod came from. Sources come and go while pods run; who holds the
 * objects of a source need not know.
 */
package io.bundlet.core.objects;
