package io.bundlet.wasm.engine.wasmtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.WasmInstance;
import io.bundlet.sections.ModuleReader;
import io.bundlet.sections.ReadLimits;
import io.bundlet.sections.WasmModule;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Modules that mean no good: refused with a sentence, in bounded time, and the process lives. */
class HostileModuleTest {
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

  private String refused(byte[] module, CompileLimits limits) throws Exception {
    Path file = guests.write("hostile.wasm", module);
    return Guests.onGuestThread(
        () -> assertThrows(InvalidModule.class, () -> guests.compile(file, limits)).getMessage());
  }

  private String refused(byte[] module) throws Exception {
    return refused(module, CompileLimits.DEFAULT);
  }

  private static void contains(String wanted, String message) {
    assertTrue(message.contains(wanted), message);
  }

  @Test
  void truncatedAtTwoHundredPlaces() throws Exception {
    byte[] module = Files.readAllBytes(guests.module("probe"));
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      int length = i < 20 ? i : random.nextInt(module.length);
      if (whole(module, length)) {
        continue;
      }
      String message = refused(Arrays.copyOf(module, length));
      assertTrue(message.length() > 10, message);
    }
  }

  /** Whether what stands before this offset is a module, too: one without what follows. */
  private static boolean whole(byte[] module, int length) throws Exception {
    WasmModule read = ModuleReader.read(ByteBuffer.wrap(module), ReadLimits.DEFAULT);
    return length == 8 || read.sections().stream().anyMatch(each -> each.end() == length);
  }

  @Test
  void mutatedModulesAreRefusedOrRun() throws Exception {
    byte[] module = Files.readAllBytes(guests.module("core"));
    Random random = new Random(11);
    Guests.onGuestThread(() -> {
      for (int i = 0; i < 300; i++) {
        byte[] mutated = module.clone();
        for (int n = 0; n <= random.nextInt(3); n++) {
          mutated[8 + random.nextInt(mutated.length - 8)] = (byte) random.nextInt();
        }
        try (CompiledModule compiled = guests.compile(guests.write("mutated.wasm", mutated), CompileLimits.DEFAULT);
            WasmInstance instance = compiled.instantiate(
                new InstanceSpec("mutated", Optional.empty()), wanted -> Optional.of((memory, in, out) -> {}))) {
          instance.call("divide", new long[] {1}, new long[1]);
        } catch (InvalidModule | GuestTrap e) {
          assertTrue(e.getMessage().length() > 3);
        }
      }
      return null;
    });
  }

  @Test
  void whatIsNoModule() throws Exception {
    contains("not wasm", refused("#!/bin/sh\n".getBytes()));
    contains("empty", refused(new byte[0]));
    contains("component", refused(new byte[] {0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0}));
  }

  @Test
  void importsThatNobodyHas() throws Exception {
    contains(
        "'wasi_snapshot_preview1' 'sock_open'",
        refused(ModuleBytes.importing("wasi_snapshot_preview1", "sock_open")));
    contains("preview 0", refused(ModuleBytes.importing("wasi_unstable", "fd_write")));
    contains("reserved", refused(ModuleBytes.importing("bundlet:wasi", "memory")));
    contains("imports the table", refused(new ModuleBytes().section(
        2, new ModuleBytes().number(1).name("env").name("table").bytes(1, 0x70, 0, 1).content()).make()));
    contains("?[31m", refused(ModuleBytes.importing("wasi_unstable", "\u001b[31m")));
    // Of the right name and the wrong type: found when it is linked.
    Path wrong = guests.write("wrong.wasm", ModuleBytes.importing("wasi_snapshot_preview1", "fd_write"));
    InvalidModule mismatch = assertThrows(InvalidModule.class, () -> Guests.onGuestThread(
        () -> guests.run(wrong, CompileLimits.DEFAULT, guests.wasi(java.util.List.of(), java.util.Map.of()))));
    contains("incompatible import type", mismatch.getMessage());
  }

  @Test
  void moreThanTheLimits() throws Exception {
    byte[] memory = new ModuleBytes().section(5, new ModuleBytes().number(1).bytes(0).number(1024).content()).make();
    assertEquals(
        "memory minimum of 64 MiB is above the limit of 32 MiB; raise the container's memory limit",
        refused(memory, new CompileLimits(1 << 20, 32 << 20, 10)));
    byte[] table = new ModuleBytes().section(4, new ModuleBytes().number(1).bytes(0x70, 0).number(11).content()).make();
    contains("table minimum of 11 elements", refused(table, new CompileLimits(1 << 20, 32 << 20, 10)));
    contains("above the limit of 100 bytes", refused(new byte[101], new CompileLimits(100, 32 << 20, 10)));
    byte[] two = new ModuleBytes().section(5, new ModuleBytes().number(2).bytes(0, 1, 0, 1).content()).make();
    contains("more than one memory", refused(two));
  }

  @Test
  void aMillionFunctionsAreRefusedAtOnce() throws Exception {
    byte[] module = ModuleBytes.functions(1_000_000);
    long start = System.nanoTime();
    contains("1000000 functions are above the limit of 200000", refused(module));
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(60).toNanos());
  }

  @Test
  void fiftyMegabytesAreCompiled() throws Exception {
    // A data segment of 50 MB, as a program with its files inside has it.
    int size = 50 << 20;
    byte[] header = new ModuleBytes()
        .section(5, new ModuleBytes().number(1).bytes(0).number(801).content())
        .section(7, new ModuleBytes().number(1).name("memory").bytes(2, 0).content())
        .make();
    byte[] before = new ModuleBytes().bytes(1, 0, 0x41, 0, 0x0b).number(size).content();
    byte[] module = Arrays.copyOf(
        new ModuleBytes().bytes(Arrays.copyOfRange(ints(header), 8, header.length)).bytes(11)
            .number(before.length + (long) size).bytes(ints(before)).make(),
        header.length + 5 + before.length + size);
    module[module.length - 1] = 42;
    Path file = guests.write("large.wasm", module);
    Guests.onGuestThread(() -> {
      try (CompiledModule compiled = guests.compile(file, CompileLimits.DEFAULT);
          WasmInstance instance = compiled.instantiate(new InstanceSpec("large", Optional.empty()), Guests.NONE)) {
        byte[] last = new byte[1];
        instance.memory().read(size - 1, last, 0, 1);
        assertEquals(42, last[0]);
      }
      return null;
    });
  }

  private static int[] ints(byte[] bytes) {
    int[] values = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      values[i] = bytes[i] & 0xff;
    }
    return values;
  }

  @Test
  void aSegmentBeyondTheMemoryIsRefusedAtTheInstance() throws Exception {
    byte[] module = new ModuleBytes()
        .section(5, new ModuleBytes().bytes(1, 0, 1).content())
        .section(11, new ModuleBytes().bytes(1, 0, 0x41).bytes(0xff, 0xff, 0x3f).bytes(0x0b, 1, 7).content())
        .make();
    Path file = guests.write("segment.wasm", module);
    InvalidModule refused = assertThrows(InvalidModule.class, () -> Guests.onGuestThread(() -> {
      try (CompiledModule compiled = guests.compile(file, CompileLimits.DEFAULT)) {
        return compiled.instantiate(new InstanceSpec("segment", Optional.empty()), Guests.NONE);
      }
    }));
    contains("out of bounds", refused.getMessage());
  }

  @Test
  void aStartFunctionThatNeverEndsCanBeKilled() throws Exception {
    byte[] module = new ModuleBytes()
        .section(1, new ModuleBytes().bytes(1, 0x60, 0, 0).content())
        .section(3, new ModuleBytes().bytes(1, 0).content())
        .section(7, new ModuleBytes().number(1).name("_start").bytes(0, 0).content())
        .section(8, new ModuleBytes().bytes(0).content())
        .section(10, new ModuleBytes().bytes(1, 7, 0, 0x03, 0x40, 0x0c, 0, 0x0b, 0x0b).content())
        .make();
    Path file = guests.write("start.wasm", module);
    CompletableFuture<WasmInstance> made = new CompletableFuture<>();
    var run = Guests.start(() -> {
      try (CompiledModule compiled = guests.compile(file, CompileLimits.DEFAULT);
          WasmInstance instance = compiled.instantiate(new InstanceSpec("start", Optional.empty()), Guests.NONE)) {
        made.complete(instance);
        return Guests.exit(instance);
      }
    });
    made.get(120, TimeUnit.SECONDS).kill("enough");
    ExecutionException ended = assertThrows(ExecutionException.class, () -> run.get(120, TimeUnit.SECONDS));
    assertEquals(GuestTrap.KILLED, ((GuestTrap) ended.getCause()).kind());
  }
}
