package io.bundlet.core.cluster;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.core.machine.MachineIdentity;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;

/**
 * What the node's parts say of it, beside its providers.
 *
 * @param pressures the conditions of what it may be short of
 * @param hindrances why it can run no pods; empty: nothing
 * @param defaultHandler the handler of pods that name none; may be empty
 */
public record NodeBasics(
    String name,
    String version,
    List<String> addresses,
    MachineIdentity machine,
    NodeSettings settings,
    Map<String, Quantity> capacity,
    Map<String, Quantity> allocatable,
    List<ConditionView> pressures,
    List<String> hindrances,
    String defaultHandler) {}
