package io.bundlet.wasm.engine.wasmtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.WasmInstance;
import java.io.File;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What instances leave behind: nothing. */
class LeakTest {
  private static final long AT_REST = 10 << 20;
  private static final int BLOCKS = 10;

  @TempDir Path directory;

  @Test
  void aHundredRoundsLeaveNothing() throws Exception {
    try (Guests guests = new Guests(directory)) {
      for (int i = 0; i < 150; i++) {
        round(guests);
      }
      int descriptors = count("/proc/self/fd");
      int threads = count("/proc/self/task");
      List<Long> resident = new ArrayList<>(List.of(resident()));
      // The C library's arenas fill up at first; what leaks grows with every block of rounds, what does not comes to
      // rest.
      do {
        for (int i = 0; i < 100; i++) {
          round(guests);
        }
        resident.add(resident());
      } while (grown(resident) > AT_REST && resident.size() <= BLOCKS);
      assertTrue(
          count("/proc/self/fd") <= descriptors + 2, "descriptors " + descriptors + " -> " + count("/proc/self/fd"));
      assertTrue(
          count("/proc/self/task") <= threads + 3, "threads " + threads + " -> " + count("/proc/self/task"));
      assertTrue(grown(resident) <= AT_REST, "memory never comes to rest: " + resident);
      assertEquals(0, handlers(), "closures of host functions are still reachable");
      try (var files = Files.list(Guests.CACHE)) {
        assertEquals(List.of("modules"), files.map(each -> each.getFileName().toString()).sorted().toList());
      }
    }
  }

  private static void round(Guests guests) throws Exception {
    assertEquals(5, Guests.onGuestThread(() -> guests.probe("exit", "5")));
    Guests.onGuestThread(() -> {
      try (CompiledModule module = guests.compile(guests.module("core"), CompileLimits.DEFAULT);
          WasmInstance instance = module.instantiate(
              new InstanceSpec("test", Optional.empty()), wanted -> Optional.of((memory, in, out) -> {}))) {
        instance.call("touch", new long[] {16, 1}, new long[1]);
      }
      return null;
    });
  }

  /** How much the last block of rounds has added. */
  private static long grown(List<Long> resident) {
    return resident.getLast() - resident.get(resident.size() - 2);
  }

  private static int count(String directory) {
    return new File(directory).list().length;
  }

  private static long resident() throws Exception {
    System.gc();
    String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ");
    return Long.parseLong(pages[1]) * 4096;
  }

  private static int handlers() throws Exception {
    Field registry = io.github.kawamuray.wasmtime.Func.class.getDeclaredField("registry");
    registry.setAccessible(true);
    Field map = registry.get(null).getClass().getDeclaredField("map");
    map.setAccessible(true);
    return ((Map<?, ?>) map.get(registry.get(null))).size();
  }
}
