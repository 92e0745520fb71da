package io.bundlet.wasmhost.guests;

import io.bundlet.api.cgroup.PodGroup;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.Resources;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.WasiSettings;
import io.bundlet.wasmhost.modules.HostModules;
import io.bundlet.wasmhost.output.GuestOutput;
import java.util.Map;
import java.util.Optional;

/**
 * What a guest is made from.
 *
 * @param name for thread and messages: namespace, pod and container
 * @param container its container
 * @param pod its pod
 * @param group its pod's control group
 * @param limits what it may use
 * @param module what it runs; the guest's to close
 * @param stackBytes the stack of its thread
 * @param annotations its pod's annotations
 * @param wasi what a command sees of its surroundings; empty for an actor
 * @param output where its output goes
 * @param modules the host modules that it may call
 * @param surroundings what all guests share
 */
public record GuestSetup(
    String name,
    ContainerId container,
    PodId pod,
    PodGroup group,
    Resources limits,
    CompiledModule module,
    long stackBytes,
    Map<String, String> annotations,
    Optional<WasiSettings> wasi,
    GuestOutput output,
    HostModules modules,
    GuestSurroundings surroundings) {}
