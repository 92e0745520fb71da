package io.bundlet.core.cluster;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.core.machine.MachineIdentity;
import io.fabric8.kubernetes.api.model.ContainerImage;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * All that the node knows of itself at one moment.
 *
 * @param name its name
 * @param addresses its addresses, the first one being its address
 * @param machine which machine it is
 * @param settings what the administrator says of it
 * @param capacity what it has, by resource
 * @param allocatable what of it pods may have
 * @param conditions what it is short of, and at last whether it is ready
 * @param handlers the runtime handlers that it serves
 * @param runtime the runtime that stands for all of them, such as {@code name://1.7}; empty while there is none
 * @param images what is here already, the largest first
 * @param version the node's own version
 * @param moreLabels what other bundles add
 * @param moreAnnotations the same
 */
record NodeFacts(
    String name,
    List<String> addresses,
    MachineIdentity machine,
    NodeSettings settings,
    Map<String, Quantity> capacity,
    Map<String, Quantity> allocatable,
    List<ConditionView> conditions,
    SortedSet<String> handlers,
    String runtime,
    List<ContainerImage> images,
    String version,
    Map<String, String> moreLabels,
    Map<String, String> moreAnnotations) {}
