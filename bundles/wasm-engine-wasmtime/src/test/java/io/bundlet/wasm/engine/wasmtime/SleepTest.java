package io.bundlet.wasm.engine.wasmtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.Mount;
import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.WasmInstance;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** poll_oneoff, which is ours. */
class SleepTest {
  private static final int REALTIME = 0;
  private static final int MONOTONIC = 1;
  private static final int PROCESS = 2;
  private static final int BAD_DESCRIPTOR = 8;
  private static final long MILLISECOND = 1_000_000;
  /** What a pipe takes, by pipe(7). */
  private static final int PIPE = 65_536;

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
  void sleepTakesItsTime() throws Exception {
    Guests.onGuestThread(() -> guests.probe("sleep", "300"));
    long slept = Long.parseLong(guests.stdout().strip());
    assertTrue(slept >= 300 && slept < 120_000, "slept " + slept + " ms");
  }

  /** Each wake costs little, but there may be hundreds of guests. */
  @Test
  void whoSleepsIsSeldomWoken() throws Exception {
    long wakes = Guests.onGuestThread(() -> {
      try (CompiledModule compiled = guests.compile(guests.module("probe"), CompileLimits.DEFAULT);
          WasmInstance instance = compiled.instantiate(
              new InstanceSpec("test", Optional.of(guests.wasi(List.of("probe", "sleep", "3000"), Map.of()))),
              Guests.NONE)) {
        // what the compiler has waited for is no wake
        long before = switches();
        Guests.exit(instance);
        return switches() - before;
      }
    });
    assertTrue(wakes < 100, wakes + " waits in 3 s; slices of 20 ms are 150");
  }

  /** For 1.5 of the 5 s it sleeps as one that nobody ends, then as one that is to end soon. */
  @Test
  void whoIsToEndSoonIsWokenOften() throws Exception {
    CompletableFuture<WasmInstance> running = new CompletableFuture<>();
    var run = Guests.start(() -> {
      try (CompiledModule compiled = guests.compile(guests.module("probe"), CompileLimits.DEFAULT);
          WasmInstance instance = compiled.instantiate(
              new InstanceSpec("test", Optional.of(guests.wasi(List.of("probe", "sleep", "5000"), Map.of()))),
              Guests.NONE)) {
        running.complete(instance);
        long before = switches();
        Guests.exit(instance);
        return switches() - before;
      }
    });
    WasmInstance instance = running.get(120, TimeUnit.SECONDS);
    assertThrows(TimeoutException.class, () -> run.get(1500, TimeUnit.MILLISECONDS), "it does not sleep at all");
    instance.endsSoon();
    long wakes = run.get(120, TimeUnit.SECONDS);
    assertTrue(wakes > 25, wakes + " waits in 5 s; slices of 320 ms are 16");
    instance.endsSoon(); // it is closed: nothing may be touched
  }

  /** It would sleep for 10 minutes if nobody woke it. */
  @Test
  void whoSleepsForLongIsHardlyWokenAndEndsAtOnceWhenKilled() throws Exception {
    CompletableFuture<WasmInstance> running = new CompletableFuture<>();
    CompletableFuture<Path> thread = new CompletableFuture<>();
    var run = Guests.start(() -> {
      try (CompiledModule compiled = guests.compile(guests.module("probe"), CompileLimits.DEFAULT);
          WasmInstance instance = compiled.instantiate(
              new InstanceSpec("test", Optional.of(guests.wasi(List.of("probe", "sleep", "600000"), Map.of()))),
              Guests.NONE)) {
        thread.complete(Path.of("/proc/thread-self").toRealPath());
        running.complete(instance);
        return Guests.exit(instance);
      }
    });
    WasmInstance instance = running.get(120, TimeUnit.SECONDS);
    assertThrows(TimeoutException.class, () -> run.get(200, TimeUnit.MILLISECONDS), "it does not sleep at all");
    long before = switches(thread.join());
    assertThrows(TimeoutException.class, () -> run.get(3, TimeUnit.SECONDS));
    long wakes = switches(thread.join()) - before;
    assertTrue(wakes <= 3, wakes + " waits in 3 s; slices of 320 ms are 9");
    assertDiesSoon(run, instance);
  }

  /** Whatever it has done to what could wake it, its clock wakes it. */
  @Test
  void whoHasClosedItsBellSleepsInSlices() throws Exception {
    long wakes = Guests.onGuestThread(() -> {
      try (CompiledModule compiled = guests.compile(guests.module("probe"), CompileLimits.DEFAULT);
          WasmInstance instance = compiled.instantiate(
              new InstanceSpec("test", Optional.of(guests.wasi(List.of("probe", "unhang", "3000"), Map.of()))),
              Guests.NONE)) {
        long before = switches();
        assertEquals(0, Guests.exit(instance));
        return switches() - before;
      }
    });
    long slept = Long.parseLong(guests.stdout().strip());
    assertTrue(slept >= 3000 && slept < 120_000, "slept " + slept + " ms");
    assertTrue(wakes >= 9 && wakes < 100, wakes + " waits in 3 s");
  }

  private interface Preparation {
    void of(WasmInstance instance) throws GuestTrap;
  }

  /** A full standard output in the bell's place would let it sleep on. */
  @Test
  void nobodyPutsAnotherDescriptorInItsBellsPlace() throws Exception {
    endsAtOnceWhenKilled(instance -> {
      assertEquals(BAD_DESCRIPTOR, errno(instance, "renumber", 1, Bell.DESCRIPTOR));
      assertEquals(BAD_DESCRIPTOR, errno(instance, "renumber", Bell.DESCRIPTOR, 1));
    });
  }

  @Test
  void nobodyPutsAnotherDescriptorWhereItsBellWas() throws Exception {
    endsAtOnceWhenKilled(instance -> {
      assertEquals(0, errno(instance, "close", Bell.DESCRIPTOR));
      assertEquals(BAD_DESCRIPTOR, errno(instance, "renumber", 1, Bell.DESCRIPTOR));
      assertEquals(0, errno(instance, "renumber", 1, 2));
      assertEquals(BAD_DESCRIPTOR, errno(instance, "renumber", 1, 2));
    });
  }

  private void endsAtOnceWhenKilled(Preparation preparation) throws Exception {
    try (FileChannel full = fullOutput()) {
      CompletableFuture<WasmInstance> running = new CompletableFuture<>();
      var run = Guests.start(() -> {
        try (CompiledModule compiled = guests.compile(guests.module("renumbers"), CompileLimits.DEFAULT);
            WasmInstance instance = compiled.instantiate(
                new InstanceSpec("test", Optional.of(guests.wasi(List.of("renumbers"), Map.of()))), Guests.NONE)) {
          preparation.of(instance);
          running.complete(instance);
          return errno(instance, "sleep");
        } catch (Exception | Error e) {
          running.completeExceptionally(e);
          throw e;
        }
      });
      WasmInstance instance = running.get(120, TimeUnit.SECONDS);
      assertThrows(TimeoutException.class, () -> run.get(200, TimeUnit.MILLISECONDS), "it does not sleep at all");
      assertDiesSoon(run, instance);
      assertTrue(full.isOpen());
    }
  }

  /** Much sooner than its bell's clock would wake it. */
  private static void assertDiesSoon(Future<?> run, WasmInstance instance) {
    long killed = System.nanoTime();
    instance.kill("enough");
    ExecutionException ended = assertThrows(ExecutionException.class, () -> run.get(120, TimeUnit.SECONDS));
    assertEquals(GuestTrap.KILLED, ((GuestTrap) ended.getCause()).kind());
    long millis = (System.nanoTime() - killed) / MILLISECOND;
    assertTrue(millis < 2000, "it has slept on for " + millis + " ms");
  }

  /** As another container's process has it in the same directory. */
  @Test
  void aProcessWithTheSameNumberDoesNotTakeTheBellsName() throws Exception {
    Path cache = Files.createDirectories(Guests.CACHE.resolveSibling("bells-" + System.nanoTime()));
    List<Path> theirs = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      theirs.add(Files.createFile(cache.resolve(Bell.NAME + "-" + ProcessHandle.current().pid() + "-" + i)));
    }
    try (Guests others = new Guests(directory, cache, 1000)) {
      Guests.onGuestThread(() -> {
        try (CompiledModule compiled = others.compile(others.module("renumbers"), CompileLimits.DEFAULT);
            WasmInstance instance = compiled.instantiate(
                new InstanceSpec("test", Optional.of(others.wasi(List.of("renumbers"), Map.of()))), Guests.NONE)) {
          assertEquals(0, errno(instance, "close", Bell.DESCRIPTOR), "it has no bell");
          return null;
        }
      });
    }
    for (Path each : theirs) {
      Files.delete(each);
    }
  }

  private static int errno(WasmInstance instance, String function, long... args) throws GuestTrap {
    long[] errno = new long[1];
    instance.call(function, args, errno);
    return (int) errno[0];
  }

  private static long switches(Path thread) throws IOException {
    return Files.readAllLines(thread.resolve("status")).stream()
        .filter(line -> line.startsWith("voluntary_ctxt_switches:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", ""))).sum();
  }

  private static long switches() throws IOException {
    return switches(Path.of("/proc/thread-self"));
  }

  @Test
  void aLongSleepEndsWhenKilled() throws Exception {
    endsWhenKilled("sleep", "600000");
  }

  @Test
  void aWaitForADescriptorEndsWhenKilled() throws Exception {
    try (FileChannel full = fullOutput()) {
      endsWhenKilled("wait");
      assertTrue(full.isOpen());
    }
  }

  @Test
  void aWaitForADescriptorEndsWhenItIsReady() throws Exception {
    try (FileChannel full = fullOutput()) {
      var run = Guests.start(() -> guests.probe("wait"));
      assertThrows(TimeoutException.class, () -> run.get(400, TimeUnit.MILLISECONDS), "it does not wait at all");
      full.read(ByteBuffer.allocate(PIPE));
      assertEquals(7, run.get(120, TimeUnit.SECONDS));
    }
  }

  /** A standard output that takes nothing more. */
  private FileChannel fullOutput() throws Exception {
    Path fifo = directory.resolve("stdout");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    FileChannel both = FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE);
    both.write(ByteBuffer.allocate(PIPE));
    return both;
  }

  private void endsWhenKilled(String... args) throws Exception {
    Path data = data();
    List<String> all = new ArrayList<>(List.of("probe"));
    all.addAll(List.of(args));
    CompletableFuture<WasmInstance> running = new CompletableFuture<>();
    var run = Guests.start(() -> {
      try (CompiledModule compiled = guests.compile(guests.module("probe"), CompileLimits.DEFAULT);
          WasmInstance instance = compiled.instantiate(
              new InstanceSpec("test", Optional.of(guests.wasi(all, Map.of(), new Mount("/data", data, false)))),
              Guests.NONE)) {
        running.complete(instance);
        return Guests.exit(instance);
      }
    });
    WasmInstance instance = running.get(120, TimeUnit.SECONDS);
    assertThrows(TimeoutException.class, () -> run.get(200, TimeUnit.MILLISECONDS), "it does not wait at all");
    instance.kill("enough");
    ExecutionException ended = assertThrows(ExecutionException.class, () -> run.get(120, TimeUnit.SECONDS));
    assertEquals(GuestTrap.KILLED, ((GuestTrap) ended.getCause()).kind());
    assertEquals("enough", ended.getCause().getMessage());
  }

  private Path data() throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));
    Files.writeString(data.resolve("in.txt"), "seventeen");
    return data;
  }

  @Test
  void pollOfDescriptors() throws Exception {
    Path data = data();
    Guests.onGuestThread(() -> guests.run(
        guests.module("probe"), CompileLimits.DEFAULT,
        guests.wasi(List.of("probe", "poll"), Map.of(), new Mount("/data", data, false))));
    assertEquals("stdin 1 1\nstdout 1 1\nfile 1 1\nbad 1 1\n", guests.stdout());
  }

  @Test
  void clocksOfAllKinds() throws Exception {
    Guests.onGuestThread(() -> {
      try (Poller poller = new Poller()) {
        // The first of two that is due.
        poller.clock(0, MONOTONIC, 600_000 * MILLISECOND, false);
        poller.clock(1, MONOTONIC, 60 * MILLISECOND, false);
        poller.expect(2, 60, List.of(101L));
        // Several due at once.
        poller.clock(0, MONOTONIC, 0, false);
        poller.clock(1, REALTIME, 0, false);
        poller.clock(2, REALTIME, 600_000 * MILLISECOND, true);
        poller.expect(3, 0, List.of(100L, 101L));
        // Absolute ones, one of them past.
        poller.clock(0, MONOTONIC, 50 * MILLISECOND, true);
        poller.expect(1, 50, List.of(100L));
        poller.clock(0, REALTIME, 50 * MILLISECOND, true);
        poller.expect(1, 50, List.of(100L));
        poller.clock(0, REALTIME, -50 * MILLISECOND, true);
        poller.expect(1, 0, List.of(100L));
        // A relative time of a clock that cannot be waited for otherwise.
        poller.clock(0, PROCESS, 30 * MILLISECOND, false);
        poller.expect(1, 30, List.of(100L));
        // A descriptor is ready long before the clock.
        poller.clock(0, REALTIME, 600_000 * MILLISECOND, false);
        poller.descriptor(1, 2, 1);
        poller.expect(2, 0, List.of(101L));
        // Standard input is at its end, and another descriptor is bad.
        poller.descriptor(0, 1, 0);
        poller.descriptor(1, 1, 77);
        poller.expect(2, 0, List.of(100L, 101L));
        assertEquals(0, poller.get("error", 0));
        assertEquals(8, poller.get("error", 1));
      }
      return null;
    });
  }

  @Test
  void nonsenseIsRefused() throws Exception {
    Guests.onGuestThread(() -> {
      try (Poller poller = new Poller()) {
        assertEquals(28, poller.get("poll", 0));
        assertEquals(48, poller.get("pollAt", 0, 30000, 5000, 59996));
        assertEquals(21, poller.get("pollAt", 65500, 30000, 1, 59996));
        assertEquals(21, poller.get("pollAt", 0, 0xffff_fff0L, 1, 59996));
        assertEquals(21, poller.get("pollAt", 0, 30000, 1, 65534));
        poller.clock(0, 9, 0, false);
        assertEquals(28, poller.get("poll", 1));
        poller.clock(0, PROCESS, 0, true);
        assertEquals(28, poller.get("poll", 1));
        poller.descriptor(0, 3, 1);
        assertEquals(28, poller.get("poll", 1));
      }
      return null;
    });
  }

  private final class Poller implements AutoCloseable {
    private final CompiledModule compiled = guests.compile(guests.module("clocks"), CompileLimits.DEFAULT);
    private final WasmInstance instance =
        compiled.instantiate(
            new InstanceSpec("test", Optional.of(guests.wasi(List.of("clocks"), Map.of()))), Guests.NONE);

    private long since;

    Poller() throws Exception {}

    void clock(int n, int id, long timeout, boolean absolute) throws GuestTrap {
      if (absolute) {
        // its time runs from here on, however long it takes to poll
        since = System.nanoTime();
      }
      instance.call("clock", new long[] {n, id, timeout, absolute ? 1 : 0}, new long[0]);
    }

    void descriptor(int n, int type, int fd) throws GuestTrap {
      instance.call("descriptor", new long[] {n, type, fd}, new long[0]);
    }

    long get(String function, long... args) throws GuestTrap {
      long[] result = new long[1];
      instance.call(function, args, result);
      return result[0];
    }

    void expect(int subscriptions, long milliseconds, List<Long> users) throws GuestTrap {
      long start = since == 0 ? System.nanoTime() : since;
      since = 0;
      assertEquals(0, get("poll", subscriptions));
      assertTrue(System.nanoTime() - start >= milliseconds * MILLISECOND - MILLISECOND, "waited too short");
      assertEquals(users.size(), get("events"));
      for (int i = 0; i < users.size(); i++) {
        assertEquals(users.get(i), get("user", i));
      }
    }

    @Override
    public void close() {
      instance.close();
      compiled.close();
    }
  }
}
