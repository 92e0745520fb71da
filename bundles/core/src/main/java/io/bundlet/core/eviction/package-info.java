/**
 * What the node does when it runs short of memory, disk or process ids: it says so, takes no more pods that could wait,
 * and ends pods until there is enough again. Every 10 s {@link io.bundlet.core.eviction.NodeSignals} are read and held
 * against the thresholds; {@link io.bundlet.core.eviction.PressureConditions} remembers what was short, which counts
 * some minutes longer so that the node does not go back and forth;
 * {@link io.bundlet.core.eviction.EvictionManager} ends one pod at a time, in the order of
 * {@link io.bundlet.core.eviction.Ranking}. Pods from files, mirror pods and those of the system's priorities are never
 * ended for it, as by the Kubernetes kubelet.
 *
 * <p>A pod that takes more of the disk than its own manifest allows ({@link io.bundlet.core.eviction.StorageLimits}) is
 * ended whether the node is short or not, and pods from files too: nobody else would hold them to it.
 */
package io.bundlet.core.eviction;
