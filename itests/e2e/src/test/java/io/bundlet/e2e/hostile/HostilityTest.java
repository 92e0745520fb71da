package io.bundlet.e2e.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.e2e.outside.Jvm;
import io.bundlet.e2e.outside.LineClient;
import io.bundlet.e2e.outside.Machine;
import io.bundlet.e2e.outside.Manifests;
import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.e2e.outside.Yardstick;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import io.bundlet.testkit.node.PodLog;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One node with two bystanders; each test puts something hostile beside them. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HostilityTest {
  private static final boolean LONG = Boolean.getBoolean("long");
  /** Strict where the machine is known to be quiet; else what is no hang. */
  private static final long PAUSE = LONG ? 250 : 5000;
  private static final long PAUSE_AMONG_SPINNERS = LONG ? 1000 : 10_000;
  /** Likewise; a sleeper that nobody wakes is later. */
  private static final long LATE = LONG ? 100 : 5000;
  private static final long HEAP = 10 << 20;
  private static final int AT_ONCE = 50;
  private static final Duration LIMIT = Duration.ofSeconds(120);
  /** Eight letters of it are in the kernel's name of a guest's thread, which is cut to 15. */
  private static final String THREAD = "guest default/h";

  private static final List<String> TABLE = new ArrayList<>();
  private static Path home;
  private static NodeProcess node;
  private static NodeShell shell;
  private static Jvm jvm;
  private static Bystanders bystanders;
  private static Yardstick yardstick;
  private static int port;

  @BeforeAll
  static void begin() throws Exception {
    home = Files.createTempDirectory("hostile");
    yardstick = new Yardstick(home.resolve("yardstick"));
    node = new NodeProcess(Distribution.built(), home.resolve("node"));
    node.manifest("counter.yaml", Manifests.wasi("counter", Distribution.guest("counter")).yaml());
    int answers = freePort();
    node.manifest("echo.yaml", Manifests.actor(
        "echo", Distribution.repository().resolve("runtime/examples/echo/echo.wasm"), answers).yaml());
    port = freePort();
    node.start().awaitReady();
    shell = new NodeShell(node.data());
    jvm = new Jvm(node.pid());
    Eventually.until("the actor answers", LIMIT, () -> LineClient.askOnce(answers, "echo x").equals("x"));
    bystanders = new Bystanders(node.data(), "counter", answers);
    // what is loaded once, at the first use of each way to run something, is no leak
    Observed warm = new Observed("warming up");
    node.manifest("warm.yaml", wasi("h-warm", "hello").restart("Never").yaml() + "---\n"
        + actor("h-warm-a").engine("wasmtime").yaml());
    await("h-warm", pod -> pod.phase().equals("Succeeded"));
    await("h-warm-a", pod -> pod.phase().equals("Running"));
    warm.withdraw("warm.yaml");
    warm.shows("fine", PAUSE * 100);
  }

  @AfterAll
  static void end() throws Exception {
    System.out.println("| hostility | what the pod shows | pause of counter, its log, actor ms | heap after GC before,"
        + " after MB | RSS before, after MB | machine |");
    TABLE.forEach(System.out::println);
    if (bystanders != null) {
      bystanders.close();
    }
    if (node != null) {
      node.withdraw("counter.yaml");
      node.withdraw("echo.yaml");
      node.close();
    }
    if (yardstick != null) {
      yardstick.close();
    }
    if (home != null) {
      Distribution.remove(home);
    }
  }

  /** What was seen of everybody from its making on. */
  private static final class Observed {
    private final String what;
    private final long heap = jvm.heapAfterGc();
    private final long rss = jvm.rss();
    private final Machine machine = Machine.now();
    private final Instant from = Instant.now();

    Observed(String what) throws IOException, InterruptedException {
      this.what = what;
    }

    void withdraw(String file) throws IOException {
      node.withdraw(file);
      Eventually.until(what + ": its pods and threads are gone", LIMIT,
          () -> !shell.ask("pod:list").contains(" h-") && jvm.threads(THREAD).isEmpty());
    }

    /** Ends the observation and judges it. */
    void shows(String shown, long limit) throws IOException, InterruptedException {
      Instant to = Instant.now();
      Bystanders.Pauses pauses = bystanders.between(from, to);
      long others = yardstick.pauseBetween(from, to);
      String since = "others paused %d, %s".formatted(others, Machine.now().since(machine));
      long after = heapAtRest();
      TABLE.add("| %s | %s | %d, %d, %d | %.1f, %.1f | %d, %d | %s, %.1f s |".formatted(
          what, shown, pauses.byItsClock(), pauses.byItsLog(), pauses.answer(), heap / 1e6, after / 1e6, rss >> 20,
          jvm.rss() >> 20, since, Duration.between(from, to).toMillis() / 1e3));
      String row = TABLE.getLast();
      assertTrue(node.process().isAlive(), row);
      // what made a stranger to the node wait was not the hostile guest; on a quiet machine that is next to nothing
      assertTrue(pauses.worst() <= limit + others, row);
      assertTrue(after - heap <= HEAP, row);
    }

    /** What is left in the heap: what somebody is about to let go of may be there for a moment more. */
    private long heapAtRest() throws IOException, InterruptedException {
      long after = jvm.heapAfterGc();
      for (int again = 0; again < 20 && after - heap > HEAP; again++) {
        pause(500);
        after = jvm.heapAfterGc();
      }
      return after;
    }
  }

  @Test
  @Order(1)
  void readsAClockWithoutEnd() throws Exception {
    int times = LONG ? 50_000_000 : 5_000_000;
    Observed seen = new Observed(times + " clock_time_get, wasmtime");
    node.manifest("h.yaml", wasi("h-clock", "clock50m").args("" + times).restart("Never").yaml());
    PodInfo pod = await("h-clock", HostilityTest::over);
    String said = lastLine("h-clock");
    seen.withdraw("h.yaml");
    assertEquals("Succeeded", pod.phase(), pod.text());
    assertEquals(times + " readings, time went forward", said);
    seen.shows("Succeeded: " + said, PAUSE);
  }

  @Test
  @Order(2)
  void growsItsMemoryToTheEnd() throws Exception {
    Observed seen = new Observed("memory.grow to 64Mi, wasmtime");
    node.manifest("h.yaml", wasi("h-memory", "memgrow").memory("64Mi").restart("Never").yaml());
    PodInfo pod = await("h-memory", HostilityTest::over);
    String said = lastLine("h-memory");
    seen.withdraw("h.yaml");
    assertEquals("Succeeded", pod.phase(), pod.text());
    // it began with one page
    assertEquals("grown by MiB: 63", said);
    seen.shows("Succeeded: " + said, PAUSE);
  }

  @Test
  @Order(3)
  void growsItsMemoryToTheDefaultsEnd() throws Exception {
    Observed seen = new Observed("memory.grow without limit, wasmtime");
    node.manifest("h.yaml", wasi("h-memory", "memgrow").restart("Never").yaml());
    PodInfo pod = await("h-memory", HostilityTest::over);
    String said = lastLine("h-memory");
    seen.withdraw("h.yaml");
    assertEquals("Succeeded", pod.phase(), pod.text());
    assertEquals("grown by MiB: 511", said);
    seen.shows("Succeeded: " + said, PAUSE);
  }

  @Test
  @Order(4)
  void growsItsTableToTheEnd() throws Exception {
    Observed seen = new Observed("table.grow to the end, wasmtime");
    node.manifest("h.yaml", wasi("h-table", "tablegrow").restart("Never").yaml());
    PodInfo pod = await("h-table", HostilityTest::over);
    String said = lastLine("h-table");
    seen.withdraw("h.yaml");
    assertEquals("Succeeded", pod.phase(), pod.text());
    assertEquals("grown by 100k:9", said);
    seen.shows("Succeeded: " + said, PAUSE);
  }

  @Test
  @Order(5)
  void recursesWithoutEnd() throws Exception {
    Observed seen = new Observed("recursion, wasmtime");
    node.manifest("h.yaml", wasi("h-recursion", "recursion").restart("Never").yaml());
    PodInfo pod = await("h-recursion", HostilityTest::over);
    seen.withdraw("h.yaml");
    assertEquals("Failed", pod.phase(), pod.text());
    assertEquals("134", pod.container("EXIT"), pod.text());
    assertTrue(pod.messages().contains("wasm trap: call stack exhausted"), pod.text());
    seen.shows("Failed: " + pod.container("EXIT") + " " + pod.messages(), PAUSE);
  }

  @Test
  @Order(6)
  void spins() throws Exception {
    Observed seen = new Observed("spin 3 s, wasmtime");
    node.manifest("h.yaml", wasi("h-spin", "spin").grace(2).yaml());
    await("h-spin", pod -> pod.container("STATE").equals("Running"));
    // a thread takes its name and its niceness when it begins
    Path thread = Eventually.value("one thread", LIMIT,
        () -> java.util.Optional.of(jvm.threads(THREAD)).filter(all -> all.size() == 1)).getFirst();
    try {
      Eventually.until("it is nice", LIMIT, () -> Jvm.niceness(thread) == 10);
    } catch (AssertionError never) {
      assertEquals(10, Jvm.niceness(thread));
    }
    pause(3000);
    node.withdraw("h.yaml");
    long[] times = goneAfter("h-spin");
    assertTrue(times[0] <= 2000 + LATE, "its thread was there for " + times[0] + " ms after it was withdrawn");
    seen.withdraw("h.yaml");
    seen.shows("Running, niceness 10; thread gone " + times[0] + " ms after it was withdrawn, grace 2000", PAUSE);
  }

  @Test
  @Order(7)
  void aSleeperIsGoneWhenItsGraceEnds() throws Exception {
    int rounds = LONG ? 10 : 3;
    Observed seen = new Observed("10 s sleep deleted after 1 s, " + rounds + " times, wasmtime");
    List<Long> late = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      String name = "h-sleep-" + i;
      node.manifest("h.yaml", wasi(name, "sleep10").grace(2).yaml());
      Eventually.until(name + " sleeps", LIMIT, () -> lines(name).contains("asleep"));
      pause(1000);
      node.withdraw("h.yaml");
      long[] times = goneAfter(name);
      assertTrue(times[0] >= 2000, "it had no grace: gone after " + times[0] + " ms");
      late.add(times[0] - 2000);
      seen.withdraw("h.yaml");
    }
    String shown = "threads gone ms after the grace: " + late;
    assertTrue(late.stream().allMatch(each -> each <= LATE), shown);
    seen.shows(shown, PAUSE);
  }

  @ParameterizedTest
  @Order(8)
  @ValueSource(strings = {"wasmtime", "endive"})
  void isAsBigAs50Megabytes(String engine) throws Exception {
    Observed seen = new Observed("50 MB module of data, " + engine);
    Path module = new ModuleWriter(export(engine)).data(home.resolve("data.wasm"), 50 << 20);
    hostileModule(engine, "h-data", module, "128Mi");
    PodInfo pod = await("h-data", HostilityTest::settled);
    seen.withdraw("h.yaml");
    assertTrue(List.of("Running", "Succeeded").contains(pod.phase()), pod.text());
    seen.shows(pod.phase() + " " + pod.messages(), PAUSE);
  }

  @ParameterizedTest
  @Order(9)
  @EnabledIfSystemProperty(named = "long", matches = "true")
  @ValueSource(strings = {"wasmtime", "endive"})
  void has50MegabytesOfCode(String engine) throws Exception {
    Observed seen = new Observed("50 MB module of code, " + engine);
    Path module = new ModuleWriter(export(engine)).code(home.resolve("code.wasm"), 50 << 20);
    hostileModule(engine, "h-code", module, "128Mi");
    PodInfo pod = await("h-code", HostilityTest::settled);
    seen.withdraw("h.yaml");
    seen.shows(pod.phase() + " " + pod.messages(), PAUSE);
  }

  @ParameterizedTest
  @Order(10)
  @ValueSource(strings = {"wasmtime", "endive"})
  void hasAMillionFunctions(String engine) throws Exception {
    Observed seen = new Observed("1 million functions, " + engine);
    Path module = new ModuleWriter(export(engine)).functions(home.resolve("functions.wasm"), 1_000_000);
    hostileModule(engine, "h-functions", module, "128Mi");
    PodInfo pod = await("h-functions", HostilityTest::settled);
    seen.withdraw("h.yaml");
    seen.shows(pod.phase() + " " + pod.messages(), PAUSE);
  }

  @ParameterizedTest
  @Order(11)
  @EnabledIfSystemProperty(named = "long", matches = "true")
  @ValueSource(strings = {"wasmtime", "endive"})
  void hasAsManyFunctionsAsAreLetIn(String engine) throws Exception {
    int count = engine.equals("wasmtime") ? 200_000 : 100_000;
    Observed seen = new Observed(count + " functions, " + engine);
    Path module = new ModuleWriter(export(engine)).functions(home.resolve("functions.wasm"), count);
    hostileModule(engine, "h-functions", module, "128Mi");
    PodInfo pod = await("h-functions", HostilityTest::settled);
    seen.withdraw("h.yaml");
    seen.shows(pod.phase() + " " + pod.messages(), PAUSE);
  }

  @ParameterizedTest
  @Order(12)
  @ValueSource(strings = {"wasmtime", "endive"})
  void isCutOffAnywhere(String engine) throws Exception {
    int cuts = LONG ? 200 : 40;
    byte[] whole = Files.readAllBytes(engine.equals("wasmtime")
        ? Distribution.guest("counter") : Distribution.repository().resolve("runtime/examples/echo/echo.wasm"));
    Observed seen = new Observed("truncated at " + cuts + " offsets, " + engine);
    List<String> messages = new ArrayList<>();
    // not more at once than a node takes
    for (int first = 0; first < cuts; first += AT_ONCE) {
      List<Integer> some = IntStream.range(first, Math.min(first + AT_ONCE, cuts)).boxed().toList();
      StringBuilder manifests = new StringBuilder();
      for (int cut : some) {
        int length = (int) ((cut + 0.5) * whole.length / cuts);
        Path module = home.resolve("cut-" + cut + ".wasm");
        Files.write(module, java.util.Arrays.copyOf(whole, length));
        Manifests each = engine.equals("wasmtime")
            ? Manifests.wasi("h-cut-" + cut, module) : Manifests.actor("h-cut-" + cut, module, 20_000 + cut);
        manifests.append(each.engine(engine).restart("Never").yaml()).append("---\n");
      }
      node.manifest("h.yaml", manifests.toString());
      for (int cut : some) {
        PodInfo pod = await("h-cut-" + cut, HostilityTest::settled);
        assertEquals("Failed", pod.phase(), pod.text());
        assertEquals("128", pod.container("EXIT"), pod.text());
        assertTrue(lines("h-cut-" + cut).isEmpty(), pod.text());
        messages.add(pod.container("MESSAGE").replaceAll(".*/main: ", "").replaceAll("\\d+", "N"));
      }
      seen.withdraw("h.yaml");
    }
    seen.shows("all Failed 128, in " + messages.stream().distinct().count() + " ways, as: "
        + messages.stream().distinct().limit(4).collect(Collectors.joining("; ")), PAUSE);
  }

  @ParameterizedTest
  @Order(13)
  @ValueSource(strings = {"m endive", "t endive", "r endive", "s endive", "u endive",
      "m wasmtime", "t wasmtime", "r wasmtime", "s wasmtime", "u wasmtime"})
  void isAHostileActor(String how) throws Exception {
    String engine = how.substring(2);
    String what = switch (how.charAt(0)) {
      case 'm' -> "memory.grow to 64 MiB";
      case 't' -> "table.grow to the end";
      case 'r' -> "recursion";
      case 's' -> "spin";
      default -> "unreachable";
    };
    Observed seen = new Observed(what + ", actor on " + engine);
    node.manifest("h.yaml", actor("h-actor").engine(engine).grace(1).yaml());
    await("h-actor", pod -> pod.container("STATE").equals("Running"));
    Eventually.until("it answers", LIMIT, () -> LineClient.askOnce(port, "e").equals("e"));
    String answer = LineClient.askOnce(port, how.substring(0, 1));
    // a new instance answers the next
    String next = LineClient.askOnce(port, "e" + how);
    PodInfo pod = shell.pod("h-actor");
    seen.withdraw("h.yaml");
    assertEquals("e" + how, next);
    seen.shows("answer: " + answer + "; then answers again; pod " + pod.phase() + ", restarts " + pod.restarts(),
        PAUSE);
  }

  @Test
  @Order(14)
  void fiftySpin() throws Exception {
    Observed seen = new Observed("50 spinning guests, wasmtime");
    node.manifest("h.yaml", IntStream.range(0, 50).mapToObj(i -> wasi("h-spin-" + i, "spin").grace(1).yaml())
        .collect(Collectors.joining("---\n")));
    Eventually.until("50 spin", LIMIT, () -> jvm.threads(THREAD).size() == 50);
    pause(LONG ? 20_000 : 5_000);
    Instant withdrawn = Instant.now();
    seen.withdraw("h.yaml");
    seen.shows("50 threads of niceness 10; all gone after "
        + Duration.between(withdrawn, Instant.now()).toMillis() + " ms", PAUSE_AMONG_SPINNERS);
  }

  @Test
  @Order(15)
  @EnabledIfSystemProperty(named = "long", matches = "true")
  void fiftyActorsSpin() throws Exception {
    Observed seen = new Observed("50 spinning actors, endive");
    List<Integer> ports = putActors(50);
    List<Thread> clients = ports.stream().map(each -> Thread.startVirtualThread(() -> {
      try {
        LineClient.askOnce(each, "s");
      } catch (IOException withdrawn) {
        Thread.currentThread().interrupt();
      }
    })).toList();
    pause(20_000);
    seen.withdraw("h.yaml");
    for (Thread client : clients) {
      client.join(20_000);
    }
    seen.shows("all gone", PAUSE_AMONG_SPINNERS);
  }

  /** Their memories are in the heap: all together would be larger than it. */
  @Test
  @Order(16)
  void manyActorsGrowAtOnce() throws Exception {
    int actors = 24;
    Observed seen = new Observed(actors + " actors, each memory.grow to 64 MiB, endive");
    List<Integer> ports = putActors(actors);
    List<String> answers = new ArrayList<>();
    for (int each : ports) {
      answers.add(LineClient.askOnce(each, "m"));
    }
    seen.withdraw("h.yaml");
    assertTrue(answers.stream().allMatch(answer -> answer.equals("done")), answers.toString());
    seen.shows("all grow as far as they may, and answer", PAUSE);
  }

  /** Compiling takes heap for each byte of code, and a full heap makes the JVM stop for its collections. */
  @Test
  @Order(17)
  @EnabledIfSystemProperty(named = "long", matches = "true")
  void manyActorsOfMuchCodeAtOnce() throws Exception {
    Observed seen = new Observed("8 actors of 2.7 MB of code at once, endive");
    StringBuilder manifests = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      Path module = new ModuleWriter("__guest_call").code(home.resolve("code-" + i + ".wasm"), 2_700_000 - i);
      manifests.append(Manifests.actor("h-code-" + i, module, freePort()).engine("endive").restart("Never").grace(1)
          .yaml()).append("---\n");
    }
    node.manifest("h.yaml", manifests.toString());
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      PodInfo pod = await("h-code-" + i, HostilityTest::settled);
      shown.add(pod.phase() + " " + pod.messages().replaceAll(".*/main: |[0-9]+ are free", ""));
    }
    shown.add("%.1f MB of heap while they run".formatted(jvm.heapAfterGc() / 1e6));
    seen.withdraw("h.yaml");
    seen.shows(shown.stream().distinct().collect(Collectors.joining("; ")), PAUSE_AMONG_SPINNERS);
  }

  /** Puts actors that answer, and gives their ports. */
  private static List<Integer> putActors(int count) throws IOException {
    List<Integer> ports = new ArrayList<>();
    StringBuilder manifests = new StringBuilder();
    for (int i = 0; i < count; i++) {
      ports.add(freePort());
      manifests.append(Manifests.actor("h-actor-" + i, Distribution.guest("hostile-actor"), ports.get(i))
          .engine("endive").grace(1).yaml()).append("---\n");
    }
    node.manifest("h.yaml", manifests.toString());
    for (int each : ports) {
      Eventually.until("it answers", LIMIT, () -> LineClient.askOnce(each, "e").equals("e"));
    }
    return ports;
  }

  private static void hostileModule(String engine, String name, Path module, String memory) throws IOException {
    Manifests manifest =
        engine.equals("wasmtime") ? Manifests.wasi(name, module) : Manifests.actor(name, module, port);
    node.manifest("h.yaml", manifest.engine(engine).memory(memory).restart("Never").grace(1).yaml());
  }

  private static String export(String engine) {
    return engine.equals("wasmtime") ? "_start" : "__guest_call";
  }

  private static Manifests wasi(String name, String guest) {
    return Manifests.wasi(name, Distribution.guest(guest));
  }

  private static Manifests actor(String name) {
    return Manifests.actor(name, Distribution.guest("hostile-actor"), port);
  }

  /** Milliseconds until its thread was gone, and until the pod was. */
  private static long[] goneAfter(String name) {
    long from = System.nanoTime();
    Eventually.until("the thread of " + name + " has ended", LIMIT, () -> jvm.threads(THREAD).isEmpty());
    long thread = System.nanoTime();
    Eventually.until(name + " is gone", LIMIT, () -> !shell.pod(name).exists());
    return new long[] {(thread - from) / 1_000_000, (System.nanoTime() - from) / 1_000_000};
  }

  private static boolean over(PodInfo pod) {
    return List.of("Succeeded", "Failed").contains(pod.state());
  }

  /** It has ended, or runs, or cannot go on. */
  private static boolean settled(PodInfo pod) {
    return over(pod) || pod.container("STATE").equals("Running") || pod.container("STATE").contains("BackOff");
  }

  private static PodInfo await(String name, java.util.function.Predicate<PodInfo> so) {
    PodInfo[] last = new PodInfo[1];
    try {
      return Eventually.value(name, LIMIT, () -> {
        last[0] = shell.pod(name);
        return java.util.Optional.of(last[0]).filter(so);
      });
    } catch (AssertionError late) {
      throw new AssertionError(late.getMessage() + "\n" + last[0].text(), late);
    }
  }

  private static List<String> lines(String pod) throws IOException {
    return PodLog.lines(node.data(), pod, "main").stream().map(PodLog.Line::text).toList();
  }

  private static String lastLine(String pod) {
    return Eventually.value("the log of " + pod, LIMIT, () -> lines(pod).reversed().stream().findFirst());
  }

  /** Lets the hostile one go on; there is nothing to wait for. */
  private static void pause(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
