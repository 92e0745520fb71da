package io.bundlet.core.pod;

import io.bundlet.api.runtime.Owner;
import io.bundlet.core.admission.NodeFit;
import io.bundlet.core.cgroup.PodGroups;
import io.bundlet.core.cluster.Cluster;
import io.bundlet.core.container.ContainerServices;
import io.bundlet.core.identity.NodeIdentity;
import io.bundlet.core.objects.ObjectSources;
import io.bundlet.core.provider.ProviderRegistry;
import io.bundlet.core.status.StatusWriter;
import io.bundlet.core.store.StateStore;
import io.bundlet.core.time.NodeTime;
import io.bundlet.core.volume.LeftVolumes;
import io.bundlet.core.volume.PodDirectories;
import io.bundlet.core.volume.VolumeDrivers;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * What all pods of the node share.
 *
 * @param directories where each pod has files of its own on the node
 * @param objects what pods refer to: {@code objects.of(record.source())} are a pod's own
 * @param groups the pods' control groups
 * @param fit what has been promised to pods
 * @param owner the node's id
 * @param logs the directory below which pods' logs are
 * @param seccompProfiles the directory below which the node's own seccomp profiles are
 * @param containers what all their containers share
 * @param identity what pods may know of the node; may change at any time
 * @param cluster what there is of a cluster
 * @param defaultHandler the handler of pods that name none; may change at any time
 */
public record NodeServices(
    ProviderRegistry providers,
    VolumeDrivers volumes,
    LeftVolumes leftVolumes,
    PodDirectories directories,
    ObjectSources objects,
    PodGroups groups,
    NodeFit fit,
    StateStore store,
    StatusWriter status,
    NodeTime time,
    Owner owner,
    Path logs,
    Path seccompProfiles,
    ContainerServices containers,
    Supplier<NodeIdentity> identity,
    Cluster cluster,
    Supplier<String> defaultHandler) {}
