package io.bundlet.wascc.provider;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ProviderFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActorModuleTest {
  private static final Path ECHO = Path.of("../../runtime/examples/echo/echo.wasm");

  @Test
  void theEchoActorIsOne() {
    assertDoesNotThrow(() -> ActorModule.check("default/a/c", ECHO));
  }

  @ParameterizedTest
  @CsvSource({"six-arguments, 'has 6 parameters, not 8'", "wasmbus, wasmCloud host", "command, runtime class wasi"})
  void othersAreRefusedWithWordsThatHelp(String name, String words) {
    ProviderFailure failure = assertThrows(ProviderFailure.class,
        () -> ActorModule.check("default/a/c", Path.of("src/test/resources/wasm/" + name + ".wasm")));
    assertEquals(ProviderFailure.INVALID, failure.kind());
    assertTrue(failure.getMessage().startsWith("default/a/c: "), failure.getMessage());
    assertTrue(failure.getMessage().contains(words), failure.getMessage());
  }

  @Test
  void brokenAndMissingFilesAreTold(@TempDir Path directory) throws Exception {
    Path broken = Files.write(directory.resolve("a.wasm"), new byte[] {0, 'a', 's'});
    assertEquals(ProviderFailure.INVALID,
        assertThrows(ProviderFailure.class, () -> ActorModule.check("a", broken)).kind());
    assertEquals(ProviderFailure.UNAVAILABLE,
        assertThrows(ProviderFailure.class, () -> ActorModule.check("a", directory.resolve("none"))).kind());
  }
}
