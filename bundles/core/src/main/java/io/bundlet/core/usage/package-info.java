/**
 * What pods use, as far as the node can know it: memory and processor time as their runtimes tell
 * ({@link io.bundlet.api.runtime.StatsPart}), volumes as their drivers measure them
 * ({@link io.bundlet.api.volume.UsagePart}), and logs, which the node measures itself.
 *
 * <p>Runtimes are asked every 10 s. Looking at files takes as long as the pod has made it take, so each pod is measured
 * in a thread of its own, with a bound on how long, and how soon again depends on how long it took: a pod that fills a
 * directory with millions of files is measured rarely, and the others as often as before. Nothing here holds a lock
 * while it calls out, and whoever asks gets the numbers of the last time.
 */
package io.bundlet.core.usage;
