/**
 * What happened to a pod, for people: Kubernetes' events. Whoever acts on a pod tells an
 * {@link io.bundlet.core.event.EventSink}; {@link io.bundlet.core.event.PodEvents} keeps the latest of each kind,
 * counted, within a bound.
 */
package io.bundlet.core.event;
