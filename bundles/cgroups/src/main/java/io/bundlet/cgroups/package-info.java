/**
 * The kernel's control groups, version 1, 2 or both, by plain files. Everything that is made here stands below a group
 * {@code bundlet-NODE} of the node's own, so that two nodes, or a node and another kubelet, never meet, and nothing
 * outside of it is ever written or removed. There are two trees in it. The pods of a runtime's processes stand as in
 * Kubernetes, {@code kubepods/burstable/podUID}, below the root of each hierarchy. Guests that are threads of the
 * node's process stand in {@code guests/podUID/CONTAINER} below the process' own group, where version 2 demands them
 * and where the limits of the process hold for them, too. They are not put below the classes of service: a thread that
 * runs Java code and gets no time, as the lowest class may, would hold up the whole virtual machine at its next
 * safepoint. A thread that has neither a limit nor a request of more than its niceness gives it stays where it is.
 */
package io.bundlet.cgroups;
