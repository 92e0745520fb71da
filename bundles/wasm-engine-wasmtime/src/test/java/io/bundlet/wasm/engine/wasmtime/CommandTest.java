package io.bundlet.wasm.engine.wasmtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.Mount;
import io.bundlet.api.wasm.CompileLimits;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WASI commands: what they see and what they may do. */
class CommandTest {
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

  @Test
  void argumentsEnvironmentDirectoriesAndFifo() throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));
    Files.writeString(data.resolve("in.txt"), "seventeen");
    Path fifo = directory.resolve("stdout");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    var output = Guests.start(() -> {
      try (BufferedReader reader = Files.newBufferedReader(fifo)) {
        return reader.lines().toList();
      }
    });
    int code = Guests.onGuestThread(() -> guests.run(
        guests.module("probe"), CompileLimits.DEFAULT,
        guests.wasi(
            List.of("probe", "hello", "one", "two words"), Map.of("GREETING", "ahoy"),
            new Mount("/data", data, false))));
    assertEquals(7, code);
    assertEquals(
        List.of("arg one", "arg two words", "env ahoy", "file seventeen"), output.get(120, TimeUnit.SECONDS));
    assertEquals("to stderr\n", Files.readString(directory.resolve("stderr")));
  }

  @Test
  void exitCodes() throws Exception {
    for (int code : new int[] {0, 1, 42, 125}) {
      assertEquals(code, Guests.onGuestThread(() -> guests.probe("exit", Integer.toString(code))));
    }
  }

  @Test
  void standardInputIsEmpty() throws Exception {
    Guests.onGuestThread(() -> guests.probe("input"));
    assertEquals("read 0\n", guests.stdout());
  }

  @Test
  void memoryStopsAtTheCap() throws Exception {
    Guests.onGuestThread(() -> guests.probe(new CompileLimits(1 << 20, 32 << 20, 1000), "memory"));
    long mebibytes = Long.parseLong(guests.stdout().strip());
    assertTrue(mebibytes >= 28 && mebibytes < 32, "got " + mebibytes + " MiB below a cap of 32 MiB");
  }

  @Test
  void readOnlyDirectoriesAreReadOnlyAndNobodyGetsOut() throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));
    Path readOnly = Files.createDirectory(directory.resolve("ro"));
    Files.writeString(readOnly.resolve("in.txt"), "seventeen");
    Files.createSymbolicLink(readOnly.resolve("way-out"), Path.of("/etc"));
    Guests.onGuestThread(() -> guests.run(
        guests.module("probe"), CompileLimits.DEFAULT,
        guests.wasi(
            List.of("probe", "readonly"), Map.of(), new Mount("/ro", readOnly, true),
            new Mount("/data", data, false))));
    assertEquals("read seventeen\n", guests.stdout());
    assertEquals("seventeen", Files.readString(readOnly.resolve("in.txt")));
    assertEquals("written", Files.readString(data.resolve("written.txt")));
    assertFalse(Files.exists(readOnly.resolve("new")));
    Files.delete(readOnly.resolve("way-out"));
  }

  @Test
  void fiveMillionClockReadingsLeaveTheHeapAlone() throws Exception {
    long before = heapAfterCollection();
    var run = Guests.start(() -> guests.probe("clocks"));
    long most = 0;
    while (!run.isDone()) {
      most = Math.max(most, heapAfterCollection());
    }
    assertEquals(0, run.get());
    assertTrue(most - before < 10 << 20, "heap grew by " + (most - before) + " bytes while the guest ran");
  }

  private static long heapAfterCollection() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
