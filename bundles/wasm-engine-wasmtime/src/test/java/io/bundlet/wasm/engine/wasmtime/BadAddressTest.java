package io.bundlet.wasm.engine.wasmtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.Mount;
import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.WasmInstance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every function of WASI with every address that has too little behind it, each in an instance of its own: native WASI
 * ends the guest or refuses, and nothing else happens.
 */
@Timeout(600)
class BadAddressTest {
  private static final Path PROBE = Path.of("../../itests/guests/wasi-hostile.wasm").toAbsolutePath().normalize();
  /** What the probe tries; the last number is one that it has not. */
  private static final int WAYS = 36 * 7;

  @TempDir Path directory;

  @Test
  void endsTheGuestOrIsRefused() throws Exception {
    Path mount = Files.createDirectory(directory.resolve("rw"));
    Map<String, Integer> ends = new TreeMap<>();
    try (Guests guests = new Guests(directory)) {
      Guests.onGuestThread(() -> {
        try (CompiledModule module = guests.compile(PROBE, CompileLimits.DEFAULT)) {
          for (int way = 0; way <= WAYS; way++) {
            Files.writeString(mount.resolve("given"), "given");
            ends.merge(end(guests, module, mount, way), 1, Integer::sum);
            assertEquals("given", Files.readString(mount.resolve("given")), "way " + way);
          }
        }
        return null;
      });
    }
    assertEquals(1, ends.remove("nothing"), "one way more than there are: " + ends);
    assertEquals(WAYS, ends.values().stream().mapToInt(Integer::intValue).sum(), ends::toString);
    assertTrue(ends.keySet().stream().allMatch(each -> each.startsWith("wasm trap: error") || each.equals("refused")),
        ends::toString);
  }

  private String end(Guests guests, CompiledModule module, Path mount, int way) throws Exception {
    var wasi = guests.wasi(
        List.of("probe", "t", "addresses", "" + way), Map.of("TOKEN", "t"), new Mount("/rw", mount, false));
    try (WasmInstance instance = module.instantiate(new InstanceSpec("test", Optional.of(wasi)), Guests.NONE)) {
      assertEquals(0, Guests.exit(instance), "way " + way);
      String said = guests.stdout();
      assertTrue(said.endsWith("t at its end\n"), said);
      List<String> told = said.lines().filter(line -> line.matches("t addresses: .+")).toList();
      return told.isEmpty() ? "nothing" : told.getFirst().matches(".* [1-9][0-9]*") ? "refused" : told.toString();
    } catch (GuestTrap trap) {
      return trap.getMessage().replaceFirst(" while executing.*", "");
    }
  }
}
