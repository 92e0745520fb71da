package io.bundlet.console;

import static io.bundlet.console.FakeNode.container;
import static io.bundlet.console.FakeNode.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole console over a scripted node: what it prints, and with which exit code it ends. */
@Timeout(120)
class ConsoleLoopTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final CompletableFuture<String> interrupt = new CompletableFuture<>();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private final FakeNode node = new FakeNode();
  private final ConsoleLoop loop = new ConsoleLoop(
      new PlainScreen(
          new PrintStream(out, false, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8)),
      interrupt, exit, 30);

  @TempDir Path directory;

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void aPodThatSucceedsIsShownWithItsWholeLogAndEndsWithZero() throws Exception {
    Path log = directory.resolve("0.log");
    node.set(pod("web", "Never", "Pending", "Admission", container("Waiting", 0, null, null)));
    loop.start();
    loop.bind(node);
    node.set(pod("web", "Never", "Running", "Running", container("Running", 0, null, log)));
    write(log, "2026-11-23T02:38:01.751014150Z stdout F first\n2026-11-23T02:38:01.751014150Z stdout P sec");
    write(log, "\n2026-11-23T02:38:01.751014150Z stdout F ond\n2026-11-23T02:38:01.751014150Z stderr F \n");
    write(log, "2026-11-23T02:38:01.751014150Z stdout F no end of line");
    node.set(pod("web", "Never", "Succeeded", "Succeeded", container("Done", 0, 0, log)));
    assertEquals(0, exit.get(20, TimeUnit.SECONDS));
    loop.close();
    assertEquals("", err.toString(StandardCharsets.UTF_8));
    String text = out.toString(StandardCharsets.UTF_8);
    assertEquals(
        """
        web/main | first
        web/main | second
        web/main |\s
        web/main | no end of line
        """,
        text.lines().filter(line -> line.contains("|")).map(line -> line + "\n").reduce("", String::concat));
    assertEquals("web: Succeeded", text.lines().filter(line -> line.startsWith("web: ")).reduce("", (a, b) -> b));
  }

  @Test
  void statesAreToldOnceEach() throws Exception {
    loop.start();
    node.set(pod("web", "Never", "Running", "Running", container("Running", 0, null, null)));
    loop.bind(node);
    while (!out.toString(StandardCharsets.UTF_8).contains("web: Running\n")) {
      Thread.onSpinWait();
    }
    node.set(pod("web", "Never", "Running", "Running", container("Running", 0, null, null)));
    node.set(pod("web", "Never", "Failed", "Failed", container("Done", 2, 7, null)));
    assertEquals(1, exit.get(20, TimeUnit.SECONDS));
    loop.close();
    assertEquals(
        """
        web: Running
        web/main: Running
        web/main: Exited, exit code 7, restart 2 (Error)
        web: Failed
        """,
        out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void linesComeInTheOrderOfThePodsLifeAndSayNothingTwice() throws Exception {
    loop.start();
    node.set(pod("web", "Never", "Pending", "Admission", container("Waiting", 0, null, null)));
    loop.bind(node);
    while (!out.toString(StandardCharsets.UTF_8).contains("web: Admission\n")) {
      Thread.onSpinWait();
    }
    node.set(pod("web", "Never", "Running", "Running", container("Creating", 0, null, null)));
    node.set(pod("web", "Never", "Running", "Running", container("Exited", 0, 3, null)));
    node.set(pod("web", "Never", "Failed", "Failed", container("Done", 0, 3, null)));
    assertEquals(1, exit.get(20, TimeUnit.SECONDS));
    loop.close();
    assertEquals(
        """
        web: Admission
        web: Running
        web/main: Creating
        web/main: Exited, exit code 3 (Error)
        web: Failed
        """,
        out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aProblemGoesToTheErrorOutputAndCountsAsFailure() throws Exception {
    node.set(pod("web", "Never", "Succeeded", "Succeeded"));
    node.problem("a.yaml:3", "spec is missing; add it");
    loop.start();
    loop.bind(node);
    assertEquals(1, exit.get(20, TimeUnit.SECONDS));
    assertEquals("a.yaml:3: spec is missing; add it\n", err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void nothingButProblemsEndsByItself() throws Exception {
    node.problem("a.yaml", "not YAML");
    loop.start();
    loop.bind(node);
    assertEquals(1, exit.get(15, TimeUnit.SECONDS));
  }

  @Test
  void aPodThatRunsForEverEndsWhenInterruptedAndDoesNotCount() throws Exception {
    node.set(pod("job", "Never", "Succeeded", "Succeeded"));
    node.set(pod("web", "Always", "Running", "Running"));
    loop.start();
    loop.bind(node);
    interrupt.complete("INT");
    assertEquals("uid-web", node.stopped.poll(20, TimeUnit.SECONDS));
    assertFalse(exit.isDone());
    node.remove("uid-web");
    assertEquals(0, exit.get(20, TimeUnit.SECONDS));
  }

  @Test
  void aJobThatIsInterruptedHasNotSucceeded() throws Exception {
    node.set(pod("job", "Never", "Running", "Running"));
    loop.start();
    loop.bind(node);
    interrupt.complete("INT");
    node.stopped.poll(20, TimeUnit.SECONDS);
    node.remove("uid-job");
    assertEquals(1, exit.get(20, TimeUnit.SECONDS));
  }

  @Test
  void aPodThatIsToRunForEverAndIsRefusedIsAFailure() throws Exception {
    node.set(pod("web", "Always", "Failed", "Rejected"));
    loop.start();
    loop.bind(node);
    assertEquals(1, exit.get(20, TimeUnit.SECONDS));
  }

  @Test
  void theCoreMayBeExchangedMeanwhile() throws Exception {
    node.set(pod("web", "Never", "Running", "Running"));
    loop.start();
    loop.bind(node);
    loop.unbind(node);
    FakeNode next = new FakeNode();
    next.set(pod("web", "Never", "Succeeded", "Succeeded"));
    loop.bind(next);
    assertEquals(0, exit.get(20, TimeUnit.SECONDS));
  }

  private static void write(Path log, String text) throws IOException {
    Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
