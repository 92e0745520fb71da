package io.bundlet.wasi.preview1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.Mount;
import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.WasiSettings;
import io.bundlet.api.wasm.WasmInstance;
import io.bundlet.wasi.preview1.calls.Settings;
import io.bundlet.wasmengine.endive.EndiveEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real programs on the real engine. */
@Timeout(300)
class EngineTest {
  private static final Path PROGRAMS = Path.of("../../itests/guests");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir
  Path directory;

  private Path data;
  private Path stdout;
  private Path stderr;

  @BeforeEach
  void files() throws Exception {
    data = Files.createDirectory(directory.resolve("data"));
    stdout = Files.createFile(directory.resolve("stdout"));
    stderr = Files.createFile(directory.resolve("stderr"));
  }

  private static CompiledModule compile(String program) throws Exception {
    return new EndiveEngine().compile(
        PROGRAMS.resolve(program + ".wasm"), "sha256:" + "0".repeat(64), new CompileLimits(1 << 20, 64 << 20, 1000));
  }

  /** Runs a program on this thread. @return its exit code */
  private int run(String program, boolean readOnly, String... args) throws Exception {
    try (CompiledModule module = compile(program)) {
      return run(module, new AtomicReference<>(), readOnly, args);
    }
  }

  private int run(CompiledModule module, AtomicReference<WasmInstance> running, boolean readOnly, String... args)
      throws Exception {
    SnapshotModule wasi = new SnapshotModule(new Settings(Settings.OPEN_FILES, true));
    try (Guests.Context context = new Guests.Context(
            new WasiSettings(
                List.of(args), Map.of("NONCE", "n-1"), List.of(new Mount("/data", data, readOnly)), stdout, stderr));
        WasmInstance instance = module.instantiate(new InstanceSpec("test", context.wasi()), wanted ->
            wanted.module().equals("wasi_snapshot_preview1")
                && wanted.type().equals(wasi.functions().get(wanted.name()))
                ? Optional.of((memory, given, results) ->
                    wasi.call(wanted.name(), context, memory, given, results))
                : Optional.empty())) {
      running.set(instance);
      instance.call("_start", new long[0], new long[0]);
      return 0;
    } catch (GuestTrap e) {
      if (e.kind().equals(GuestTrap.EXIT)) {
        return e.exitCode();
      }
      throw e;
    }
  }

  @Test
  void aProgramSeesArgumentsEnvironmentAndFiles() throws Exception {
    Files.writeString(data.resolve("greeting"), "hello from a file\n");
    Files.createSymbolicLink(data.resolve("link"), Path.of("greeting"));
    assertEquals(7, run("hello", true, "hello", "--read", "/data/link", "two words", "--exit", "7"));
    assertEquals(
        "NONCE=n-1\nargv[0]=hello\n/data/link: hello from a file\nargument two words\n", Files.readString(stdout));
  }

  @Test
  void aProgramIsToldWhatIsWrong() throws Exception {
    assertEquals(2, run("hello", true, "hello", "--read", "/data/absent"));
    assertEquals("/data/absent: No such file or directory\n", Files.readString(stderr));
  }

  @Test
  void aProgramWritesAndLists() throws Exception {
    assertEquals(
        0,
        run("script", false, "script", "write /data/b second", "write /data/a first", "ls /data", "cat /data/a"));
    assertEquals("/data: a b\n/data/a: first\n", Files.readString(stdout));
    assertEquals("second", Files.readString(data.resolve("b")));
  }

  @Test
  void aProgramCannotWriteWhereItMayNot() throws Exception {
    assertEquals(1, run("script", true, "script", "write /data/b second"));
    assertEquals("/data/b: Read-only file system\n", Files.readString(stderr));
    assertTrue(Files.notExists(data.resolve("b")));
  }

  @Test
  void aProgramReadsAVolumeThroughItsLinks() throws Exception {
    Path version = Files.createDirectory(data.resolve("..2026"));
    Files.writeString(version.resolve("one"), "17 17 17 end\n");
    Files.writeString(version.resolve("two"), "17 17 17 end\n");
    Files.createSymbolicLink(data.resolve("..data"), Path.of("..2026"));
    Files.createSymbolicLink(data.resolve("one"), Path.of("..data/one"));
    Files.createSymbolicLink(data.resolve("two"), Path.of("..data/two"));
    assertEquals(0, run("reader", true, "reader", "/data", "1"));
    String said = Files.readString(stdout);
    assertTrue(said.contains("torn=0 mixed=0 gone=0 versions=1"), said);
  }

  @Test
  void aProgramReadsClocks() throws Exception {
    assertEquals(0, run("clock50m", true, "clock50m", "100000"));
    assertEquals("begin\n100000 readings, time went forward\n", Files.readString(stdout));
  }

  /** It sleeps for an hour in one go. */
  @Test
  void aSleepIsCutShortWhenTheProgramIsKilled() throws Exception {
    kill("sleep10", "asleep\n", "sleep10", "3600");
  }

  @Test
  void whatWasWrittenStaysWhenTheProgramIsKilled() throws Exception {
    kill("filler", "wrote 300 KiB\n", "filler", "/data/big", "300");
    assertEquals(300 << 10, Files.size(data.resolve("big")));
  }

  private void kill(String program, String sleepsAfter, String... args) throws Exception {
    AtomicReference<WasmInstance> running = new AtomicReference<>();
    AtomicReference<Throwable> end = new AtomicReference<>();
    try (CompiledModule module = compile(program)) {
      Thread guest = Thread.ofPlatform().daemon().start(() -> {
        try {
          run(module, running, false, args);
        } catch (Throwable e) {
          end.set(e);
        }
      });
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!Files.readString(stdout).equals(sleepsAfter) || guest.getState() != Thread.State.TIMED_WAITING) {
        assertTrue(System.nanoTime() < deadline && guest.isAlive(), Files.readString(stdout) + end.get());
        Thread.onSpinWait();
      }
      running.get().kill("it is time");
      assertTrue(guest.join(PATIENCE), "it goes on");
    }
    assertEquals(GuestTrap.KILLED, ((GuestTrap) end.get()).kind());
  }
}
