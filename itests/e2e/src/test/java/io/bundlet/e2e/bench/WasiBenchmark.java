package io.bundlet.e2e.bench;

import io.bundlet.e2e.outside.Machine;
import io.bundlet.e2e.outside.Manifests;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * WASI pods on the node's engines, beside the same C compiled by gcc and beside Node's WASI. {@code -Drounds=N}
 * measures more or less often than ten times, {@code -Dpods=N} has more or less than 1,000 idle pods.
 *
 * <p>Times are taken here, as the programs' lines come: from a pipe, or from the log that the node writes. Rounds are
 * interleaved: each has everybody's run of each program, in an order that moves on. Guests run as pods do, so that they
 * can be killed at any moment. On endive, which takes several times as long, there are fewer rounds.
 */
@EnabledIfSystemProperty(named = "bench", matches = "true")
@Timeout(value = 60, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.MethodName.class)
class WasiBenchmark {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String ENDIVE = "endive";
  private static final String WASMTIME = "wasmtime";
  private static final List<String> ENGINES = List.of(WASMTIME, ENDIVE);
  /** About a second each when compiled by gcc. */
  private static final Map<String, Integer> PROGRAMS = new LinkedHashMap<>();
  private static final int CLOCK_READINGS = 10_000_000;
  private static final int MEBIBYTES = 100;
  private static final int MODULE_BYTES = 3_600_000;

  private static final SpeedTable TABLE = new SpeedTable();
  private static final Goals GOALS = new Goals();

  static {
    PROGRAMS.put("sha256", 300);
    PROGRAMS.put("matrix", 1300);
    PROGRAMS.put("nbody", 14_000_000);
    PROGRAMS.put("bytecode", 450_000_000);
    PROGRAMS.put("sort", 15_000_000);
  }

  private final int rounds = Integer.getInteger("rounds", 10);
  private final int slowRounds = Math.min(rounds, 3);
  private Path home;
  private Path shared;
  private NodeProcess node;
  private Machine before;

  @BeforeAll
  static void head() throws IOException {
    TABLE.line("WASI, " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ", "
        + Runtime.getRuntime().availableProcessors() + " processors, Java " + Runtime.version() + ", "
        + ProcessRunner.version("gcc").orElse("no gcc") + ", node "
        + ProcessRunner.version("node").orElse("is absent") + ", load "
        + Files.readString(Path.of("/proc/loadavg")).strip());
  }

  @BeforeEach
  void begin() throws Exception {
    before = Machine.now();
    home = Files.createTempDirectory("wasi-speed");
    shared = Files.createDirectory(home.resolve("shared"));
  }

  @AfterEach
  void end() throws Exception {
    TABLE.line("(" + rounds + " rounds, on endive " + slowRounds + "; " + Machine.now().since(before) + ")");
    if (node != null) {
      node.close();
    }
    Distribution.remove(home);
  }

  @AfterAll
  static void write() throws IOException {
    GOALS.print(TABLE);
    TABLE.write(Path.of("target/wasi-speed.txt"));
  }

  private void startNode(String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of("--cri-endpoint", home.resolve("none").toString()));
    all.addAll(List.of(options));
    node = new NodeProcess(Distribution.built(), home.resolve("node"), all.toArray(String[]::new));
    node.start().awaitReady();
  }

  private List<Runner> runners() throws Exception {
    startNode();
    Path programs = home.resolve("programs");
    List<Runner> all = new ArrayList<>(List.of(ProcessRunner.compiled(programs, shared, "compute", "hostcalls")));
    ProcessRunner.node(programs, shared).ifPresent(all::add);
    for (String engine : ENGINES) {
      all.add(new PodRunner(node, engine, shared));
    }
    return all;
  }

  /** Everybody's turn in this round; the order moves on. */
  private List<Runner> turns(List<Runner> all, int round) {
    List<Runner> turns = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Runner turn = all.get((i + round) % all.size());
      if (round < slowRounds || !turn.name().equals(ENDIVE)) {
        turns.add(turn);
      }
    }
    return turns;
  }

  @Test
  void computing() throws Exception {
    List<Runner> all = runners();
    String base = all.getFirst().name();
    Map<String, Comparison> programs = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<String, Integer> program : PROGRAMS.entrySet()) {
        String seed = Long.toString(System.nanoTime());
        Map<String, String> said = new LinkedHashMap<>();
        for (Runner turn : turns(all, round)) {
          Heard heard = turn.run("compute", List.of(program.getKey(), program.getValue().toString(), seed));
          said.put(turn.name(), heard.starting("end "));
          programs.computeIfAbsent(program.getKey(), any -> new Comparison())
              .add(turn.name(), heard.nanos("begin", "end "));
        }
        if (said.values().stream().distinct().count() != 1) {
          throw new AssertionError(program + " with seed " + seed + " gives " + said);
        }
      }
    }
    TABLE.line("");
    TABLE.line("| guest CPU, ms (median [quartiles]) | who | time | ratio to native in the same round | ms more |");
    TABLE.line("|---|---|---|---|---|");
    programs.forEach((name, comparison) -> comparison.print(TABLE, name + " " + PROGRAMS.get(name), base));
    for (Runner each : all.subList(1, all.size())) {
      double[] ratios = programs.values().stream().mapToDouble(one -> one.ratio(each.name(), base)).sorted().toArray();
      double median = SpeedTable.at(ratios, 0.5);
      TABLE.line(String.format(Locale.ROOT, "%s: median of the five ratios %.2f, worst %.2f", each.name(), median,
          ratios[ratios.length - 1]));
      if (each.name().equals(WASMTIME)) {
        GOALS.add("guest CPU on wasmtime, killable: median ratio to native of five programs", median, 2);
      }
    }
  }

  @Test
  void clocks() throws Exception {
    Map<String, List<Double>> nanos = new LinkedHashMap<>();
    List<Runner> all = runners();
    for (int round = 0; round < rounds; round++) {
      for (Runner turn : turns(all, round)) {
        Heard heard = turn.run("hostcalls", List.of("clock", Integer.toString(CLOCK_READINGS)));
        nanos.computeIfAbsent(turn.name(), any -> new ArrayList<>())
            .add((double) heard.nanos("begin", "end") / CLOCK_READINGS);
      }
    }
    print("clock_time_get", "ns a call, its loop included", nanos);
    GOALS.add("clock_time_get on endive, ns", median(nanos.get(ENDIVE)), 100);
  }

  @Test
  void files() throws Exception {
    Map<String, List<Double>> written = new LinkedHashMap<>();
    Map<String, List<Double>> read = new LinkedHashMap<>();
    List<Runner> all = runners();
    Path file = shared.resolve("file");
    for (int round = 0; round < rounds; round++) {
      for (Runner turn : turns(all, round)) {
        Heard writing = turn.run("hostcalls", List.of("write", turn.shared(file), Integer.toString(MEBIBYTES)));
        if (Files.size(file) != (long) MEBIBYTES << 20) {
          throw new AssertionError(turn.name() + " wrote " + Files.size(file) + " bytes");
        }
        Heard reading = turn.run("hostcalls", List.of("read", turn.shared(file)));
        written.computeIfAbsent(turn.name(), any -> new ArrayList<>()).add(speed(writing));
        read.computeIfAbsent(turn.name(), any -> new ArrayList<>()).add(speed(reading));
        Files.delete(file);
      }
    }
    print(MEBIBYTES + " MiB in chunks of 64 KiB, written", "MiB/s", written);
    print(MEBIBYTES + " MiB in chunks of 64 KiB, read", "MiB/s", read);
    String node = all.get(1).name();
    if (node.startsWith("node")) {
      GOALS.addAtLeast("writing on endive, of node's speed", median(written.get(ENDIVE)) / median(written.get(node)),
          0.3);
      GOALS.addAtLeast("reading on endive, of node's speed", median(read.get(ENDIVE)) / median(read.get(node)), 0.3);
    }
  }

  private static double speed(Heard heard) throws IOException {
    return MEBIBYTES / (heard.nanos("begin", "end") / 1e9);
  }

  @Test
  void modulesFromTheCache() throws Exception {
    Path big = home.resolve("big.wasm");
    Path small = home.resolve("small.wasm");
    long size = new BigModule().write(big, MODULE_BYTES);
    new BigModule().write(small, 0);
    ModuleStarts starts = new ModuleStarts(home.resolve("engine"));
    Map<String, List<Double>> millis = new LinkedHashMap<>();
    String what = "module of " + size + " bytes";
    millis.put(what + ", compiled for the first time", List.of(starts.fill(big)));
    starts.fill(small);
    for (int round = 0; round < rounds; round++) {
      for (Path module : List.of(big, small)) {
        String name = module == big ? what : "module of " + Files.size(small) + " bytes";
        List<Double> all = starts.starts(module, rounds + 1);
        millis.computeIfAbsent(name + ", first in a process", any -> new ArrayList<>()).add(all.getFirst());
        millis.computeIfAbsent(name + ", from the cache", any -> new ArrayList<>())
            .addAll(all.subList(1, all.size()));
      }
    }
    startNode();
    for (int round = -1; round < rounds; round++) {
      for (Path module : List.of(small, big)) {
        double took = podStart(module, round);
        if (round >= 0) {
          String pod = "whole pod of a module of " + Files.size(module) + " bytes";
          millis.computeIfAbsent(pod, any -> new ArrayList<>()).add(took);
        }
      }
    }
    print("wasmtime: to the first byte", "ms", millis);
    GOALS.add("from the cache to the first instruction on wasmtime, ms", median(millis.get(what + ", from the cache")),
        50);
  }

  private double podStart(Path module, int round) throws Exception {
    String pod = module.getFileName().toString().replace(".wasm", "") + (round + 1);
    long begin = System.nanoTime();
    PodRunner runner = new PodRunner(node, WASMTIME, shared);
    return (runner.run(pod, Manifests.wasi(pod, module).restart("Never").grace(1).yaml()).at("begin") - begin) / 1e6;
  }

  @Test
  void standingStill() throws Exception {
    int many = Integer.getInteger("pods", 1000);
    IdlePods.head(TABLE);
    for (String engine : ENGINES) {
      startNode("--max-pods", Integer.toString(many + 10));
      IdlePods.Found found = new IdlePods(node, engine, many).measure(TABLE);
      GOALS.add("idle with " + many + " pods on " + engine + ", % of a core", found.percent(), 2);
      if (engine.equals(ENDIVE)) {
        GOALS.add("an idle pod on endive, KiB of RSS", found.kibibytes(), 512);
      }
      node.stop(LIMIT);
      Distribution.remove(home.resolve("node"));
    }
  }

  private static void print(String what, String unit, Map<String, List<Double>> values) {
    TABLE.line("");
    TABLE.line("| " + what + " | " + unit + ", median [quartiles] | n |");
    TABLE.line("|---|---|---|");
    values.forEach((who, all) -> {
      double[] sorted = all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      TABLE.line(String.format(Locale.ROOT, "| %s | %.1f [%.1f - %.1f] | %d |", who, SpeedTable.at(sorted, 0.5),
          SpeedTable.at(sorted, 0.25), SpeedTable.at(sorted, 0.75), sorted.length));
    });
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return SpeedTable.at(sorted, 0.5);
  }
}
