package io.bundlet.wasmhost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ContainerNote;
import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.RuntimeListener;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.api.runtime.Stop;
import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.EngineInfo;
import io.bundlet.api.wasm.EngineState;
import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.GuestContext;
import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.HostModule;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.WasmEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the host tells of its engines, and what it passes on of theirs. */
@Timeout(300)
class EngineStatesTest {
  @TempDir Path directory;
  private HostRig rig;

  @BeforeEach
  void start() {
    rig = new HostRig(directory);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  /** An engine without a WASI of its own. */
  private record Bare() implements WasmEngine {
    @Override
    public EngineInfo info() {
      return new EngineInfo("bare", "2", Set.of(), false, 512 << 10, true);
    }

    @Override
    public CompiledModule compile(Path wasm, String digest, CompileLimits limits) throws InvalidModule {
      throw new InvalidModule("this engine compiles nothing");
    }
  }

  /** A host module that nobody calls. */
  private record Idle() implements HostModule {
    @Override
    public Map<String, FunctionType> functions() {
      return Map.of();
    }

    @Override
    public void call(String function, GuestContext guest, GuestMemory memory, long[] args, long[] results) {}
  }

  private EngineState state(String engine) {
    return rig.host.engines().stream().filter(state -> state.info().name().equals(engine)).findFirst().orElseThrow();
  }

  @Test
  void guestsAreCountedWhileTheyRun() throws Exception {
    ContainerId one = rig.run("one", FakeEngine.Running::spin);
    rig.run("two", FakeEngine.Running::spin);
    assertEquals(2, state("fake").guests());
    rig.host.stopContainer(one, Stop.now("test"));
    assertEquals(1, state("fake").guests());
  }

  @Test
  void wasiIsTheEnginesOwnOrThatOfHostModules() {
    Bare bare = new Bare();
    rig.host.addEngine("bare", bare, 0, 2);
    assertEquals(List.of("bare", "fake"), rig.host.engines().stream().map(state -> state.info().name()).toList());
    assertEquals(Set.of(), state("bare").wasi());
    Idle module = new Idle();
    rig.host.addModule(EngineState.PREVIEW0, module, 0, 3);
    assertEquals(Set.of(EngineState.PREVIEW0), state("bare").wasi());
    assertEquals(Set.of(EngineState.PREVIEW1), state("fake").wasi());
    rig.host.removeModule(EngineState.PREVIEW0, module);
    assertEquals(Set.of(), state("bare").wasi());
  }

  @Test
  void whatAnEngineNotesOfAModuleIsToldOfTheContainer() throws Exception {
    List<ContainerStatus> heard = new CopyOnWriteArrayList<>();
    rig.host.subscribe("wasi", new RuntimeListener() {
      @Override
      public void container(ContainerStatus status) {
        heard.add(status);
      }

      @Override
      public void sandbox(SandboxStatus status) {}

      @Override
      public void runtime(RuntimeStatus status) {}

      @Override
      public void gap() {}
    });
    rig.engine.notes = List.of(new ContainerNote("GuestInterpreted", "slow"));
    rig.engine.command("one", FakeEngine.Running::spin);
    ContainerId id = rig.host.createContainer(rig.sandbox(), HostRig.config("main"), HostRig.command("one"));
    HostRig.until(() -> heard.stream().anyMatch(status -> status.notes().equals(rig.engine.notes)));
    rig.host.startContainer(id);
    assertEquals(rig.engine.notes, rig.host.containerStatus(id).notes());
  }
}
