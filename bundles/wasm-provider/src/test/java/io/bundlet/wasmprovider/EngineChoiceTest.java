package io.bundlet.wasmprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.wasm.EngineInfo;
import io.bundlet.api.wasm.EngineState;
import io.bundlet.sections.FeatureModules;
import io.bundlet.sections.Needs;
import io.bundlet.sections.Proposal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineChoiceTest {
  private static final EngineState ENDIVE = FakeHost.engine("endive", Set.of("tail-call"), Set.of());
  private static final EngineState WASMTIME =
      FakeHost.engine("wasmtime", Set.of("simd"), Set.of(EngineState.PREVIEW1));
  private static final List<EngineState> BOTH = List.of(ENDIVE, WASMTIME);

  private final EngineChoice choice = new EngineChoice();

  private static Needs needs(Proposal... proposals) {
    return new Needs(Set.of(proposals), Set.of(), true);
  }

  private static Needs imports(String... modules) {
    return new Needs(Set.of(), Set.of(modules), true);
  }

  private String choose(Needs needs, List<EngineState> here) throws ProviderFailure {
    return choice.choose("default/p/main: a.wasm", Optional.empty(), "wasmtime", needs, false, here);
  }

  private String refused(String kind, Optional<String> asked, Needs needs, List<EngineState> here) {
    ProviderFailure failure = assertThrows(
        ProviderFailure.class, () -> choice.choose("default/p/main: a.wasm", asked, "wasmtime", needs, false, here));
    assertEquals(kind, failure.kind());
    return failure.getMessage();
  }

  @Test
  void theConfiguredEngineRunsWhatItCan() throws Exception {
    assertEquals("wasmtime", choose(needs(), BOTH));
    assertEquals("wasmtime", choose(needs(Proposal.SIMD), BOTH));
    assertEquals("wasmtime", choose(imports(EngineState.PREVIEW1, "env"), BOTH));
  }

  @Test
  void anotherRunsWhatItCannot() throws Exception {
    assertEquals("endive", choose(needs(Proposal.TAIL_CALL), BOTH));
    EngineState both = FakeHost.engine("endive", Set.of(), Set.of(EngineState.PREVIEW1, EngineState.PREVIEW0));
    assertEquals("endive", choose(imports(EngineState.PREVIEW0), List.of(both, WASMTIME)));
  }

  @Test
  void whatNoneHasIsSaidOfEach() {
    assertEquals(
        "default/p/main: a.wasm needs what no engine on this node has all of: endive lacks simd; wasmtime lacks"
            + " tail-call; build it without, or install an engine or host module that has it",
        refused(ProviderFailure.INVALID, Optional.empty(), needs(Proposal.SIMD, Proposal.TAIL_CALL), BOTH));
    assertTrue(
        refused(ProviderFailure.INVALID, Optional.empty(), imports(EngineState.PREVIEW0, EngineState.PREVIEW1), BOTH)
            .contains("endive lacks wasi_snapshot_preview1 and wasi_unstable; wasmtime lacks wasi_unstable"));
  }

  @Test
  void theAnnotationsEngineIsUsedOrItIsSaidWhyNot() throws Exception {
    assertEquals("endive", choice.choose("x", Optional.of("endive"), "wasmtime", needs(), false, BOTH));
    assertEquals(
        "default/p/main: a.wasm needs simd, which the engine endive lacks that the annotation bundlet.io/wasm-engine"
            + " asks for; remove the annotation, or ask for wasmtime",
        refused(ProviderFailure.INVALID, Optional.of("endive"), needs(Proposal.SIMD), BOTH));
    assertTrue(
        refused(ProviderFailure.INVALID, Optional.of("endive"), needs(Proposal.GC), BOTH)
            .endsWith("no other engine here can run it either: endive lacks gc; wasmtime lacks gc"));
  }

  @Test
  void whoIsNotHereMayCome() throws Exception {
    assertEquals("wasmtime", choose(needs(Proposal.TAIL_CALL), List.of(ENDIVE)));
    assertEquals("other", choice.choose("x", Optional.of("other"), "wasmtime", needs(Proposal.GC), false, BOTH));
  }

  @Test
  void whoListensNeedsAnEngineWhoseWasiIsTheNodes() throws Exception {
    EngineState endive = FakeHost.engine("endive", Set.of(), Set.of(EngineState.PREVIEW1));
    for (List<EngineState> here : List.of(List.of(endive, WASMTIME), List.of(endive))) {
      assertEquals("endive", choice.choose("x", Optional.empty(), "wasmtime", needs(), true, here));
    }
    assertTrue(assertThrows(
        ProviderFailure.class,
        () -> choice.choose("x", Optional.of("wasmtime"), "wasmtime", needs(), true, List.of(endive, WASMTIME)))
        .getMessage().contains("needs sockets, which the engine wasmtime lacks"));
  }

  @Test
  void whoWasHereAndCouldIsWaitedFor() throws Exception {
    choose(needs(), BOTH);
    assertTrue(
        refused(ProviderFailure.UNAVAILABLE, Optional.empty(), needs(Proposal.TAIL_CALL), List.of(WASMTIME))
            .contains("the engine endive could run it"));
    EngineState withWasi = FakeHost.engine("endive", Set.of("tail-call"), Set.of(EngineState.PREVIEW0));
    assertEquals("endive", choose(imports(EngineState.PREVIEW0), List.of(withWasi, WASMTIME)));
    // the host module is being exchanged: the host waits for it, or says that it is gone
    assertEquals("endive", choose(imports(EngineState.PREVIEW0), BOTH));
  }

  @Test
  void theWordsForProposalsAreThoseOfEngines() {
    assertEquals(
        Set.copyOf(EngineInfo.PROPOSALS),
        Set.copyOf(Arrays.stream(Proposal.values()).map(Proposal::word).toList()));
    assertEquals(EngineInfo.PROPOSALS.size(), Proposal.values().length);
  }

  @Test
  void modulesAreReadOnce(@TempDir Path directory) throws Exception {
    ModuleNeeds read = new ModuleNeeds();
    Path file = directory.resolve("a.wasm");
    assertEquals(Set.of(), read.read("sha256:1", file).proposals());
    assertEquals(Optional.empty(), read.known("sha256:1"), "one that cannot be read now is looked at again");
    Files.write(file, FeatureModules.bytes("tail-call"));
    assertEquals(Set.of(Proposal.TAIL_CALL), read.read("sha256:1", file).proposals());
    assertEquals(Set.of(Proposal.TAIL_CALL), read.known("sha256:1").orElseThrow().proposals());
    assertEquals(Optional.empty(), read.known("sha256:2"));
  }
}
