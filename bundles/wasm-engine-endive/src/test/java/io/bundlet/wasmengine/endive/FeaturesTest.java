package io.bundlet.wasmengine.endive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bundlet.api.wasm.EngineInfo;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.WasmInstance;
import io.bundlet.sections.FeatureModules;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the engine says that it can do is what it does: no more and no less. */
@Timeout(120)
class FeaturesTest {
  @TempDir Path directory;

  static List<String> proposals() {
    return EngineInfo.PROPOSALS;
  }

  private long answer(String module) throws Exception {
    try (WasmInstance instance = Guests.compile(directory, FeatureModules.bytes(module), Guests.LIMITS)
        .instantiate(Guests.spec(), Guests.imports(Map.of()))) {
      return Guests.call(instance, "f");
    }
  }

  @ParameterizedTest
  @MethodSource("proposals")
  void runsWhatItClaimsAndRefusesTheRest(String proposal) throws Exception {
    if (new EndiveEngine().info().features().contains(proposal)) {
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
