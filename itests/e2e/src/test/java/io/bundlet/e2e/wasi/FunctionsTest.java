package io.bundlet.e2e.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.e2e.outside.OwnNode;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.e2e.wasi.Lacks.Lack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every function of WASI on every engine: as it is to be, or lacking just what is known to be lacking. */
@Timeout(900)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FunctionsTest {
  private static final List<String> FUNCTIONS = List.of((
      "args_get args_sizes_get clock_res_get clock_time_get environ_get environ_sizes_get fd_advise fd_allocate "
      + "fd_close fd_datasync fd_fdstat_get fd_fdstat_set_flags fd_fdstat_set_rights fd_filestat_get "
      + "fd_filestat_set_size fd_filestat_set_times fd_pread fd_prestat_dir_name fd_prestat_get fd_pwrite fd_read "
      + "fd_readdir fd_renumber fd_seek fd_sync fd_tell fd_write path_create_directory path_filestat_get "
      + "path_filestat_set_times path_link path_open path_readlink path_remove_directory path_rename path_symlink "
      + "path_unlink_file poll_oneoff proc_exit proc_raise random_get sched_yield sock_accept sock_recv sock_send "
      + "sock_shutdown").split(" "));
  private static final String SIGTERM = "15";
  private static final String UNSTABLE = "endive, wasi_unstable";

  /** What preview1 has and its predecessor has not. */
  private static final String NEWER = "sock_accept";

  private static final Map<String, Map<String, String>> SEEN = new LinkedHashMap<>();
  private static OwnNode node;
  private static Lacks lacks;
  private static String refusal = "";

  @BeforeAll
  static void begin() throws Exception {
    lacks = Lacks.known();
    node = OwnNode.withoutContainers().start();
  }

  @AfterAll
  static void end() throws Exception {
    if (node != null) {
      table();
      node.close();
    }
  }

  private static void table() throws IOException {
    Table table = new Table("wasi-functions.txt");
    List<Object> head = new ArrayList<>(List.of("function"));
    head.addAll(SEEN.keySet());
    table.row(head.toArray());
    for (String function : FUNCTIONS) {
      List<Object> row = new ArrayList<>(List.of(function));
      SEEN.forEach((engine, verdicts) -> row.add(
          engine.equals(UNSTABLE) && function.equals(NEWER) ? "is none of its functions"
              : verdict(engine, function, verdicts.getOrDefault(function, "the probe says nothing"))));
      table.row(row.toArray());
    }
    table.row("what is lacking", "how a user sees it");
    for (Lack each : lacks.all()) {
      table.row(each.engine() + " " + each.function(), each.seen());
    }
    table.row("wasmtime, a bad address or a number that is none of its type",
        "the guest is ended: exit 134, wasm trap: error while executing");
    table.row("wasmtime, wasi_unstable", refusal);
    table.write();
  }

  private static String verdict(String engine, String function, String words) {
    return words.equals("ok") ? "pass"
        : isKnown(engine, function, words) ? "engine lacks: " + words : "FAIL: " + words;
  }

  private static boolean isKnown(String engine, String function, String words) {
    return lacks.of(engine, function).filter(lack -> lack.words().equals(words)).isPresent();
  }

  /** What the probe says of each function, corrected by what is seen outside. */
  private static Map<String, String> run(String engine, String guest, String pod) throws IOException {
    Map<String, String> said = new TreeMap<>();
    int code = ThreadLocalRandom.current().nextInt(30, 120);
    try (HostSide host = new HostSide(node.home().resolve(pod))) {
      GuestRun run = GuestRun.start(node, pod, guest, engine, host, "all", "" + code, "the last, with \u00e4");
      PodInfo ended = run.end();
      for (String line : run.lines()) {
        String[] words = line.split(" ", 3);
        said.put(words[0], words[1].equals("ok") ? "ok" : words.length > 2 ? words[2] : line);
      }
      boolean left = ended.container("EXIT").equals("" + code);
      said.put("proc_exit", said.containsKey("proc_exit") ? "returned"
          : left ? "ok" : "the pod shows " + ended.container("EXIT") + " " + ended.messages());
      new Outside(host).findings().forEach(
          (function, finding) -> said.merge(function, finding, (ok, also) -> ok.equals("ok") ? also : ok));
      run.remove();
    }
    return said;
  }

  /** A signal that nobody handles ends a guest as it ends a process: 128 and its number. */
  private static String raise(String engine, String guest, String pod) throws IOException {
    try (HostSide host = new HostSide(node.home().resolve(pod))) {
      GuestRun run = GuestRun.start(node, pod, guest, engine, host, "raise", SIGTERM);
      PodInfo ended = run.end();
      List<String> lines = run.lines();
      run.remove();
      return lines.equals(List.of("proc_raise ok")) && ended.container("EXIT").equals("143") ? "ok"
          : "exit " + ended.container("EXIT") + ", " + lines + " "
              + ended.container("MESSAGE").replaceFirst(" at wasm backtrace.*", "");
    }
  }

  private static void judge(String column, Map<String, String> seen, List<String> wanted) {
    SEEN.put(column, seen);
    List<String> wrong = new ArrayList<>();
    for (String function : wanted) {
      String words = seen.getOrDefault(function, "the probe says nothing");
      Optional<Lack> lack = lacks.of(column, function);
      if (!words.equals(lack.map(Lack::words).orElse("ok"))) {
        wrong.add(function + ": " + words + lack.map(known -> " (and not: " + known.words() + ")").orElse(""));
      }
    }
    assertEquals(List.of(), wrong, column);
    assertEquals(wanted.size(), seen.size(), () -> "functions that are none: " + seen.keySet());
  }

  @Order(1)
  @ParameterizedTest
  @ValueSource(strings = {"wasmtime", "endive"})
  void everyFunctionOfPreview1(String engine) throws Exception {
    Map<String, String> seen = run(engine, "wasi-functions", "all-" + engine);
    seen.put("proc_raise", raise(engine, "wasi-functions", "raise-" + engine));
    judge(engine, seen, FUNCTIONS);
  }

  @Order(2)
  @Test
  void everyFunctionOfItsPredecessor() throws Exception {
    // only one engine has it, so that the pod need not ask for that
    Map<String, String> seen = run(GuestRun.ANY, "wasi-unstable", "all-unstable");
    seen.put("proc_raise", raise(GuestRun.ANY, "wasi-unstable", "raise-unstable"));
    judge(UNSTABLE, seen, FUNCTIONS.stream().filter(each -> !each.equals(NEWER)).toList());
  }

  @Order(3)
  @Test
  void wasmtimeRefusesThePredecessorWithWordsThatHelp() throws Exception {
    try (HostSide host = new HostSide(node.home().resolve("old"))) {
      GuestRun run = GuestRun.start(node, "old-wasmtime", "wasi-unstable", "wasmtime", host, "all", "0", "x");
      PodInfo ended = run.end();
      refusal = ended.messages();
      assertEquals("128", ended.container("EXIT"), ended.text());
      assertTrue(refusal.contains("needs wasi_unstable, which the engine wasmtime lacks"), ended.text());
      assertTrue(refusal.contains("ask for endive"), ended.text());
      assertEquals(List.of(), run.lines());
      run.remove();
    }
  }
}
