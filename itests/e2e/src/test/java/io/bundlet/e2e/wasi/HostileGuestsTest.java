package io.bundlet.e2e.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.e2e.outside.OwnNode;
import io.bundlet.e2e.outside.PodInfo;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests that try to get at what they were not given, or at the node: what they got, and what was seen outside. */
@Timeout(900)
class HostileGuestsTest {
  /** How long a guest opens what is being exchanged. */
  static final int RACE_SECONDS = Boolean.getBoolean("long") ? 60 : 5;

  private static final List<String> ENGINES = List.of("wasmtime", "endive");
  private static final Pattern RACE = Pattern.compile("exchanged: inside (\\d+) refused (\\d+) escaped (\\d+)");
  private static final Table TABLE = new Table("wasi-hostile.txt");
  private static OwnNode node;

  @BeforeAll
  static void begin() throws Exception {
    TABLE.row("case", "engine", "what the guest got", "what was seen on the host", "gone after ms");
    node = OwnNode.withoutContainers().start();
  }

  @AfterAll
  static void end() throws Exception {
    if (node != null) {
      TABLE.write();
      node.close();
    }
  }

  private static HostSide host(String pod) throws IOException {
    return new HostSide(node.home().resolve(pod)).withLinks();
  }

  /** Waits for the end of one that is to come to its end, takes it away and judges it. */
  private static Ways judge(String what, String engine, GuestRun run, HostSide host, int atLeast, Set<String> allowed)
      throws IOException {
    PodInfo ended = run.end();
    assertEquals("Succeeded", ended.phase(), ended.text() + "\n" + run.log());
    String log = run.log();
    Ways ways = Ways.told(run.lines());
    long gone = run.remove();
    assertTrue(log.endsWith(host.token() + " at its end\n"), log);
    assertTrue(ways.all().size() >= atLeast, () -> "too few ways: " + log);
    assertEquals(
        List.of(), ways.worked().stream().filter(way -> !allowed.contains(way.of())).toList(), "what worked");
    TABLE.row(what, engine, ways.summary(), host.untouched(log), gone);
    return ways;
  }

  static Stream<Arguments> cases() {
    return ENGINES.stream().flatMap(engine -> Stream.of(
        Arguments.of("up-and-absolute", engine, 240, Set.of()),
        Arguments.of("links", engine, 390, Set.of()),
        Arguments.of("names", engine, 190, Set.of()),
        Arguments.of("read-only", engine, 31, Set.of()),
        Arguments.of("mounts", engine, 20, Set.of("allowed")),
        Arguments.of("numbers", engine, 9, Set.of()),
        Arguments.of("counts", engine, 66, Set.of())));
  }

  @Test
  void getsAnErrorForEachBadAddress() throws Exception {
    getsNothing("addresses", "endive", 230, Set.of());
  }

  @Test
  void isEndedByABadAddressOnWasmtime() throws Exception {
    try (HostSide host = host("addresses-wasmtime")) {
      GuestRun run = GuestRun.start(node, "addresses-wasmtime", "wasi-hostile", "wasmtime", host, "addresses");
      PodInfo ended = run.end();
      String log = run.log();
      long gone = run.remove();
      assertEquals("134", ended.container("EXIT"), ended.text());
      assertTrue(ended.messages().contains("wasm trap: error while executing"), ended.text());
      TABLE.row("addresses", "wasmtime", "ended at the first bad address: exit 134, " + ended.messages(),
          host.untouched(log), gone);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void getsNothing(String what, String engine, int atLeast, Set<String> allowed) throws Exception {
    String pod = what + "-" + engine;
    try (HostSide host = host(pod)) {
      GuestRun run = GuestRun.start(node, pod, "wasi-hostile", engine, host, what);
      Ways ways = judge(what, engine, run, host, atLeast, allowed);
      // what is allowed has to work, or the case shows nothing
      List<Ways.Way> wanted = ways.all().stream().filter(way -> allowed.contains(way.of())).toList();
      assertTrue(wanted.stream().allMatch(way -> way.errno() == 0), wanted::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wasmtime", "endive"})
  void cannotUseWhatIsExchangedWhileItIsOpened(String engine) throws Exception {
    String pod = "race-" + engine;
    try (HostSide host = new HostSide(node.home().resolve(pod)); Exchanger exchanger = new Exchanger(host)) {
      GuestRun run = GuestRun.start(node, pod, "wasi-hostile", engine, host, "race");
      PodInfo ended = run.end();
      assertEquals("Succeeded", ended.phase(), ended.text());
      String log = run.log();
      long gone = run.remove();
      Matcher told = RACE.matcher(log);
      assertTrue(told.find(), log);
      long inside = Long.parseLong(told.group(1));
      long refused = Long.parseLong(told.group(2));
      assertEquals("0", told.group(3), log);
      assertTrue(inside > 0 && refused > 0 && exchanger.rounds() > 100, log + exchanger.rounds());
      exchanger.end();
      TABLE.row("exchanged while opening, " + RACE_SECONDS + " s, " + exchanger.rounds() + " times", engine,
          "opened inside " + inside + ", refused " + refused + ", outside 0", host.untouched(log), gone);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wasmtime", "endive"})
  void cannotOpenWhatIsNoFile(String engine) throws Exception {
    assumeTrue(Files.getAttribute(node.home(), "unix:uid").equals(0), "making devices needs root");
    for (String kind : List.of("fifo", "zero", "block", "socket")) {
      String pod = kind + "-" + engine;
      try (HostSide host = host(pod)) {
        make(host, kind);
        GuestRun run = GuestRun.start(node, pod, "wasi-hostile", engine, host, "no-file", kind);
        judge("a " + kind + " in a hostPath", engine, run, host, 8, Set.of("looked at"));
      }
    }
  }

  private static void make(HostSide host, String kind) throws IOException, InterruptedException {
    String path = host.writable().resolve(kind).toString();
    List<String> command = switch (kind) {
      case "fifo" -> List.of("mkfifo", path);
      case "zero" -> List.of("mknod", path, "c", "1", "5");
      // a number that no device has
      case "block" -> List.of("mknod", path, "b", "240", "7");
      default -> {
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
          socket.bind(UnixDomainSocketAddress.of(path));
        }
        yield List.of("test", "-S", path);
      }
    };
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), command::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wasmtime", "endive"})
  void recursesToItsOwnEndOnly(String engine) throws Exception {
    String pod = "recursion-" + engine;
    try (HostSide host = host(pod)) {
      GuestRun run = GuestRun.start(node, pod, "recursion", engine, host);
      PodInfo ended = run.end();
      long gone = run.remove();
      assertEquals("134", ended.container("EXIT"), ended.text());
      assertTrue(ended.messages().contains("call stack exhausted"), ended.text());
      TABLE.row("recursion without end", engine, "exit 134: " + ended.messages(), host.untouched(""), gone);
    }
  }
}
