package io.bundlet.wasmengine.endive;

import io.bundlet.api.runtime.ContainerNote;
import java.util.List;
import java.util.function.Function;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.WasmModule;

/**
 * A module as JVM classes, for any number of instances with whatever limits.
 *
 * @param module what was parsed of it; without the bodies of functions when these are classes
 * @param machines makes what runs an instance
 * @param notes what is to be known of how it runs
 * @param held how many bytes of the heap's budget it has taken
 */
record Code(WasmModule module, Function<Instance, Machine> machines, List<ContainerNote> notes, long held) {}
