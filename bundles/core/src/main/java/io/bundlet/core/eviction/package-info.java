/**
 * What the node does when it runs short of memory, disk or process ids: it says so, takes no more pods that could wait,
 * and ends pods until there is enough again. Every 10 s {@link io.bundlet.core.eviction.NodeSignals} are read and held
 * against the thresholds; {@link io.bundlet.core.eviction.PressureConditions} remembers what was short, which counts
 * some minutes longer so that the node does not go back and forth;
 * {@link io.bundlet.core.eviction.EvictionManager} ends one pod at a time, the least important first.
 *
 * <p>What pods use is not known: they are ranked by whether they were promised anything, by priority and by class of
 * service. Pods from files, mirror pods and those of the system's priorities are never ended, as by the Kubernetes
 * kubelet.
 */
package io.bundlet.core.eviction;
