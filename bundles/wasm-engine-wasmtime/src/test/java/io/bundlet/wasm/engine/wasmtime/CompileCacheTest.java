package io.bundlet.wasm.engine.wasmtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.WasmInstance;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompileCacheTest {
  /** Two modules that differ in what they answer. */
  private static byte[] answering(int number) {
    return ModuleBytes.answering(number);
  }

  @TempDir Path directory;

  /** Not below the test's own directory, as wasmtime's cache has a thread that writes there a little later. */
  private final Path cache = Path.of("target/compile-cache-" + System.nanoTime()).toAbsolutePath();

  @AfterEach
  void remove() throws Exception {
    for (int i = 0; Files.exists(cache); i++) {
      // The cache's thread may write a last note.
      assertTrue(i < 1000, cache + " cannot be removed");
      try (Stream<Path> all = Files.walk(cache)) {
        all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      } catch (UncheckedIOException changing) {
        Thread.onSpinWait();
      }
    }
  }

  private static String digest(int number) {
    return "sha256:" + String.format("%064x", number);
  }

  /** What a guest answers that is compiled and run by an engine that has just begun, as after a restart of the node. */
  private int answer(int number) throws Exception {
    Path module = Files.write(directory.resolve(number + ".wasm"), answering(number));
    return Guests.onGuestThread(() -> CacheChild.answer(cache, module, digest(number)));
  }

  private List<Path> compiled(int number) throws Exception {
    return compiled(digest(number));
  }

  /** What another process finds. */
  private List<Path> compiled(String digest) throws Exception {
    Path place = open(digest).resolveSibling("compiled");
    try (Stream<Path> all = Files.walk(place)) {
      return all.filter(file -> Files.isRegularFile(file) && !file.getFileName().toString().contains(".")).toList();
    }
  }

  private Path open(String digest) throws Exception {
    return new CompileCache(cache, version(), 1 << 30).entry(digest).open();
  }

  private static String version() {
    return "wasmtime 7 (wasmtime-java 0.19.0), " + EngineFactory.SETTINGS;
  }

  private Path code(int number) throws Exception {
    List<Path> all = compiled(number);
    assertEquals(1, all.size(), all.toString());
    return all.getFirst();
  }

  @Test
  void whatIsThereIsUsedAgain() throws Exception {
    assertEquals(7, answer(7));
    Object file = Files.readAttributes(code(7), "unix:ino,ctime").toString();
    assertEquals(7, answer(7));
    assertEquals(file, Files.readAttributes(code(7), "unix:ino,ctime").toString());
  }

  @Test
  void codeThatIsNotAsItWasWrittenIsNeverRun() throws Exception {
    int mine = new Random().nextInt(1000);
    assertEquals(mine, answer(mine));
    assertEquals(mine + 1, answer(mine + 1));
    byte[] good = Files.readAllBytes(code(mine));
    // Another module's code, which is whole in itself: nothing but its sum tells that it does not belong here.
    Files.copy(code(mine + 1), code(mine), StandardCopyOption.REPLACE_EXISTING);
    assertEquals(mine, answer(mine));
    assertArrayEquals(good, Files.readAllBytes(code(mine)));
  }

  @Test
  void codeWithoutASumIsNotTrusted() throws Exception {
    assertEquals(3, answer(3));
    assertEquals(4, answer(4));
    Path mine = code(3);
    Path sums = mine;
    while (!sums.getFileName().toString().equals("compiled")) {
      sums = sums.getParent();
    }
    byte[] others = Files.readAllBytes(code(4));
    Files.delete(sums.resolveSibling("sums"));
    Files.write(mine, others);
    assertEquals(3, answer(3));
  }

  @Test
  void whatIsUsedLongestAgoGoesAndWhatIsFreshStays() throws Exception {
    CompileCache small = new CompileCache(cache, version(), 1);
    for (int i = 10; i < 13; i++) {
      assertEquals(i, answer(i));
    }
    small.trim();
    assertEquals(3, entries());
    for (int i = 10; i < 12; i++) {
      unused(small.entry(digest(i)).open(), i);
    }
    new CompileCache(cache, version(), small.entry(digest(12)).bytes() + small.entry(digest(11)).bytes()).trim();
    assertEquals(2, entries());
    new CompileCache(cache, version(), 1).trim();
    assertEquals(1, entries());
    assertEquals(12, answer(12));
    assertEquals(10, answer(10));
  }

  /** Makes it as if nobody had touched the entry for almost a day. */
  private static void unused(Path toml, int seconds) throws Exception {
    try (Stream<Path> files = Files.list(toml.getParent())) {
      for (Path each : files.toList()) {
        old(each, seconds);
      }
    }
    old(toml.getParent(), seconds);
  }

  private static Path old(Path file, int seconds) throws Exception {
    return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(20 * 3600 - seconds)));
  }

  @Test
  void whatIsUsedByAnotherProcessIsFresh() throws Exception {
    assertEquals(14, answer(14));
    unused(open(digest(14)), 0);
    assertEquals(14, answer(14));
    new CompileCache(cache, version(), 1).trim();
    assertEquals(1, entries());
  }

  @Test
  void whatIsBeingMadeIsFresh() throws Exception {
    Path toml = open(digest(15));
    new CompileCache(cache, version(), 1).trim();
    assertTrue(Files.exists(toml), "nothing is compiled there yet, but about to be");
    unused(toml, 0);
    open(digest(15));
    new CompileCache(cache, version(), 1).trim();
    assertTrue(Files.exists(toml), "what somebody has left is made again");
    unused(toml, 0);
    new CompileCache(cache, version(), 1).trim();
    assertEquals(0, entries());
  }

  @Test
  void whatIsCompiledForAGuestOfWasiIsUsedAgainByAnotherProcess() throws Exception {
    wasi();
    List<String> before = states(compiled(Guests.DIGEST));
    assertTrue(before.size() > 1, "no module stands between the guest and native WASI: " + before);
    wasi();
    assertEquals(before, states(compiled(Guests.DIGEST)));
  }

  /** Makes an instance that imports what is not native. */
  private void wasi() throws Exception {
    try (Guests guests = new Guests(directory, cache, 1000)) {
      assertEquals(0, Guests.onGuestThread(() -> guests.probe("sleep", "0")).intValue());
    }
  }

  private static List<String> states(List<Path> files) throws Exception {
    List<String> states = new ArrayList<>();
    for (Path each : files) {
      states.add(each + " " + new TreeMap<>(Files.readAttributes(each, "unix:ino,ctime")));
    }
    states.sort(Comparator.naturalOrder());
    return states;
  }

  @Test
  void filesThatWereNeverCompletedAreNotInTheWayForEver() throws Exception {
    assertEquals(16, answer(16));
    Path code = code(16);
    Path place = open(digest(16)).getParent();
    Files.delete(code);
    Path half = old(Files.createFile(code.resolveSibling(code.getFileName() + ".wip-atomic-write-mod")), 0);
    Path sums = old(Files.createFile(place.resolve("sums1.tmp")), 0);
    Path young = Files.createFile(place.resolve("sums2.tmp"));
    assertEquals(16, answer(16));
    assertTrue(Files.exists(code), "what was compiled is not kept");
    assertFalse(Files.exists(half));
    assertFalse(Files.exists(sums));
    assertTrue(Files.exists(young), "another process may be writing it");
  }

  @Test
  void aFileThatCannotGetItsNameGoes() throws Exception {
    Path taken = Files.createDirectory(directory.resolve("taken"));
    Files.createFile(taken.resolve("in the way"));
    assertThrows(IOException.class, () -> CacheEntry.replace(taken, "text"));
    try (Stream<Path> all = Files.list(directory)) {
      assertEquals(List.of(taken), all.toList());
    }
  }

  @Test
  void aPlaceThatIsRefusedOnceIsTriedAgain() throws Exception {
    Path compiled = open(digest(17)).resolveSibling("compiled");
    Files.createFile(compiled);
    Path module = Files.write(directory.resolve("17.wasm"), answering(17));
    WasmtimeEngine engine = new WasmtimeEngine(Guests.settings(cache.toString(), 1000));
    try {
      assertEquals(17, Guests.onGuestThread(() -> call(engine, module, digest(17))).intValue());
      Files.delete(compiled);
      assertEquals(17, Guests.onGuestThread(() -> call(engine, module, digest(17))).intValue());
      assertEquals(1, compiled(17).size());
    } finally {
      engine.deactivate();
    }
  }

  private long entries() throws Exception {
    try (Stream<Path> all = Files.list(cache.resolve("modules"))) {
      return all.count();
    }
  }

  @Test
  void anotherEngineOrOtherSettingsHaveAnotherPlace() throws Exception {
    assertNotEquals(
        new CompileCache(cache, "a", 1).entry(digest(1)).open(),
        new CompileCache(cache, "b", 1).entry(digest(1)).open());
    assertNotEquals(
        new CompileCache(cache, "a", 1).entry(digest(1)).open(),
        new CompileCache(cache, "a", 1).entry(digest(2)).open());
  }

  @Test
  void processesThatAreKilledWhileTheyCompileLeaveNothingThatHarmsOthers() throws Exception {
    Random random = new Random();
    int first = random.nextInt(1 << 20);
    for (int i = first; i < first + 40; i++) {
      Files.write(directory.resolve(i + ".wasm"), answering(i));
    }
    for (int round = 0; round < 4; round++) {
      Process one = CacheChild.start(cache, directory, first);
      Process two = CacheChild.start(cache, directory, first);
      // Some modules each; then in the midst of the next one.
      for (int line = random.nextInt(20); line >= 0; line--) {
        assertTrue(CacheChild.line(one), "it ended by itself");
      }
      one.destroyForcibly();
      assertTrue(one.waitFor(2, TimeUnit.MINUTES));
      assertTrue(CacheChild.line(two), "the other one does not go on");
      two.destroyForcibly();
      assertTrue(two.waitFor(2, TimeUnit.MINUTES));
    }
    for (int i = first; i < first + 40; i++) {
      assertEquals(i, answer(i));
      assertFalse(compiled(i).isEmpty());
    }
  }

  @Test
  void theModuleRunsWhenTheCacheCannotBeUsed() throws Exception {
    Path module = Files.write(directory.resolve("m.wasm"), answering(5));
    Path scratch = directory.resolve("c");
    Files.createDirectories(scratch);
    Files.writeString(scratch.resolve("modules"), "a file in the way");
    assertEquals(5, Guests.onGuestThread(() -> CacheChild.answer(scratch, module, digest(5))).intValue());
  }

  /** The engine as the node has it. */
  static int call(WasmtimeEngine engine, Path module, String digest) throws Exception {
    try (CompiledModule compiled = engine.compile(module, digest, CompileLimits.DEFAULT);
        WasmInstance instance =
            compiled.instantiate(new InstanceSpec("test", Optional.empty()), wanted -> Optional.empty())) {
      long[] result = new long[1];
      instance.call("answer", new long[0], result);
      return (int) result[0];
    }
  }

  /** Files of wasmtime have another name until they are complete, and come and go while others are looked for. */
  @Test
  void whatIsBeingWrittenIsPassedOver() throws Exception {
    CacheEntry entry = new CacheEntry(cache);
    entry.open();
    Path compiled = Files.createDirectories(cache.resolve("compiled"));
    Files.writeString(compiled.resolve("code"), "code");
    AtomicBoolean ended = new AtomicBoolean();
    List<Path> names = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      names.add(compiled.resolve(i + ".wip-atomic-write-stats"));
    }
    Thread writer = Thread.ofPlatform().start(() -> {
      while (!ended.get()) {
        names.forEach(name -> assertDoesNotThrow(() -> Files.writeString(name, "")));
        names.forEach(name -> assertDoesNotThrow(() -> Files.delete(name)));
      }
    });
    try {
      assertTrue(entry.seal());
      for (int i = 0; i < 2000; i++) {
        assertFalse(entry.seal());
      }
    } finally {
      ended.set(true);
      writer.join();
    }
  }
}
