/**
 * {@code ./check --cluster}: a node in a cluster with the Kubernetes project's own API server, scheduler and
 * controllers. A watcher keeps every update of every pod, and at the end of each test all of them are judged; what the
 * node asked is read from the API server's audit log. What these tests need is built once (itests/cluster); without
 * {@code -Dcluster} they are skipped.
 */
package io.bundlet.e2e.cluster;
