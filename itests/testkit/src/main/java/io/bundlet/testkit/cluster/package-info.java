/**
 * A control plane of the tests' own: etcd, kube-apiserver, kube-controller-manager and kube-scheduler as child
 * processes with everything that they keep in one directory, set up as for nodes that join by a bootstrap token, and
 * what looks at a node through it. {@link io.bundlet.testkit.cluster.ControlPlane} is the way in; {@link
 * io.bundlet.testkit.cluster.ApiClient} asks it, {@link io.bundlet.testkit.cluster.ClusterWatcher} keeps every update
 * of pods, nodes and leases, {@link io.bundlet.testkit.cluster.PodLegality} says which of them may not be, and {@link
 * io.bundlet.testkit.cluster.AuditLog} tells who asked what. The programs come from {@code
 * itests/cluster/build-control-plane.sh}.
 */
package io.bundlet.testkit.cluster;
