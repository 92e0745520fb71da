/**
 * The pods' control groups, which a service makes if there is one. The core knows when a pod has one, when it is to go,
 * and which have been left by an earlier life; it says when limits of processor time do not hold. It writes no group.
 */
package io.bundlet.core.cgroup;
