/**
 * Where a pod comes from. The pod itself says it, by an annotation that the node writes when it takes the pod on and
 * that nobody else can write; so it is known, too, when the source is away.
 */
package io.bundlet.core.origin;
