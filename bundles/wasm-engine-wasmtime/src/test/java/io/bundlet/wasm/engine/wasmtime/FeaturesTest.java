package io.bundlet.wasm.engine.wasmtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.EngineInfo;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.WasmInstance;
import io.bundlet.sections.FeatureModules;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the engine says that it can do is what it does: no more and no less. */
class FeaturesTest {
  @TempDir Path directory;
  private Guests guests;

  @BeforeEach
  void open() {
    guests = new Guests(directory);
  }

  @AfterEach
  void close() {
    guests.close();
  }

  static List<String> proposals() {
    return EngineInfo.PROPOSALS;
  }

  private long answer(String module) throws Exception {
    Path file = guests.write(module + ".wasm", FeatureModules.bytes(module));
    return Guests.onGuestThread(() -> {
      try (CompiledModule compiled = guests.compile(file, CompileLimits.DEFAULT);
          WasmInstance instance =
              compiled.instantiate(new InstanceSpec("test", Optional.empty()), Guests.NONE)) {
        long[] result = new long[1];
        instance.call("f", new long[0], result);
        return result[0];
      }
    });
  }

  @ParameterizedTest
  @MethodSource("proposals")
  void runsWhatItClaimsAndRefusesTheRest(String proposal) throws Exception {
    if (guests.engine.info().features().contains(proposal)) {
      assertEquals(FeatureModules.ANSWER, answer(proposal));
    } else {
      assertThrows(InvalidModule.class, () -> answer(proposal));
    }
  }

  @Test
  void runsWhatIsOfTheFirstVersion() throws Exception {
    assertEquals(FeatureModules.ANSWER, answer(FeatureModules.MVP));
    assertEquals(FeatureModules.ANSWER, answer("multi-value-blocks"));
  }
}
