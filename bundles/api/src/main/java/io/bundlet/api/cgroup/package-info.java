/**
 * The kernel's control groups as the node uses them: a group for each pod, and in it the threads of guests that run in
 * the node's own process. Whoever offers {@link io.bundlet.api.cgroup.ControlGroups} as a service carries it out;
 * without one the node works, and limits of processor time hold only where a runtime sees to them itself.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.bundlet.api.cgroup;
