package io.bundlet.core.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.Exit;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The last words of a container, row by row. */
class TerminationMessagesTest {
  private static final String HEAD = "2026-11-23T02:38:01.751014150Z stdout F ";

  @TempDir Path data;

  private OneContainer never(ContainerBuilder container) throws Exception {
    OneContainer one = new OneContainer(data, container);
    one.policy = RestartPolicy.Never;
    return one;
  }

  private static Exit exit(int code, String message) {
    return Exit.of(code, message, Instant.EPOCH);
  }

  @Test
  void whatTheFileHoldsIsTold() throws Exception {
    try (OneContainer one = never(new ContainerBuilder()).mountsFiles().start()) {
      one.awaitRunning(0);
      Path file = one.messageFile(0);
      assertTrue(file.toString().matches(".*/pods/u1/containers/c/[0-9a-f]{8}"), file.toString());
      assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      Files.writeString(file, "the disk is full");
      one.exit(3);
      assertEquals("the disk is full", one.awaitState("Done").exit().orElseThrow().message());
      assertFalse(Files.exists(file));
    }
  }

  @Test
  void itIsToldWithTheEndAndNotAfterIt() throws Exception {
    try (OneContainer one = never(new ContainerBuilder()).mountsFiles().start()) {
      one.awaitRunning(0);
      Files.writeString(one.messageFile(0), "last words");
      one.exit(3);
      one.awaitState("Done");
      for (ContainerSnapshot snapshot : one.snapshots) {
        if (snapshot.kind() == ContainerSnapshot.Kind.TERMINATED) {
          assertEquals("last words", snapshot.exit().orElseThrow().message());
        }
      }
    }
  }

  @Test
  void eachAttemptHasAFileOfItsOwn() throws Exception {
    try (OneContainer one = new OneContainer(data, new ContainerBuilder()).mountsFiles().start()) {
      one.awaitRunning(0);
      Files.writeString(one.messageFile(0), "first");
      one.exit(1);
      one.awaitRunning(1);
      assertEquals("first", one.now().lastExit().orElseThrow().message());
      assertFalse(one.messageFile(1).equals(one.messageFile(0)));
    }
  }

  @Test
  void itIsReadAlsoAfterAnExchangeOfTheCore() throws Exception {
    try (OneContainer one = never(new ContainerBuilder()).mountsFiles().start()) {
      one.awaitRunning(0);
      Files.writeString(one.messageFile(0), "words");
      one.exchange();
      one.awaitRunning(0);
      one.exit(1);
      assertEquals("words", one.awaitState("Done").exit().orElseThrow().message());
    }
  }

  @Test
  void aProviderThatMountsNoFilesGetsNone() throws Exception {
    try (OneContainer one = never(new ContainerBuilder()).start()) {
      one.awaitRunning(0);
      assertTrue(one.provider.containerConfigs.get("s-c-0").mounts().isEmpty());
    }
  }

  @ParameterizedTest
  @CsvSource({
      "FallbackToLogsOnError, 1, '', 'last line\n'",
      "FallbackToLogsOnError, 0, '', ''",
      "FallbackToLogsOnError, 1, words, words",
      "File, 1, '', ''"})
  void theLogStandsForAnEmptyFileOfAContainerThatFailed(String policy, int code, String words, String told)
      throws Exception {
    try (OneContainer one =
        never(new ContainerBuilder().withTerminationMessagePolicy(policy)).mountsFiles().start()) {
      one.awaitRunning(0);
      Files.writeString(one.messageFile(0), words);
      one.log(0, HEAD + "last line\n");
      one.exit(code);
      assertEquals(told, one.awaitState("Done").exit().orElseThrow().message());
    }
  }

  @Test
  void itIsAppendedToWhatTheRuntimeSays() throws Exception {
    Path file = Files.writeString(data.resolve("m"), "words");
    assertEquals("trap: words", TerminationMessages.with(exit(134, "trap"), file, null, 100).message());
    Files.writeString(file, "");
    assertEquals("trap", TerminationMessages.with(exit(134, "trap"), file, null, 100).message());
  }

  @Test
  void itIsBounded() throws Exception {
    Path file = Files.writeString(data.resolve("m"), "x".repeat(100_000));
    assertEquals(4096, TerminationMessages.with(exit(1, ""), file, null, 12_288).message().length());
    assertEquals(1000, TerminationMessages.with(exit(1, ""), file, null, 1000).message().length());
    assertEquals("ä", TerminationMessages.cut("äö", 3));
  }

  @Test
  void ofALongFileTheEndCounts() throws Exception {
    Path file = Files.writeString(data.resolve("m"), "a".repeat(100) + "b".repeat(4090) + "the end");
    String told = TerminationMessages.with(exit(1, ""), file, null, 12_288).message();
    assertEquals("b".repeat(4089) + "the end", told);
  }

  @Test
  void noLinkIsFollowed() throws Exception {
    Path secret = Files.writeString(data.resolve("secret"), "secret");
    Path link = Files.createSymbolicLink(data.resolve("link"), secret);
    assertEquals("", TerminationMessages.with(exit(1, ""), link, link, 100).message());
  }

  @Test
  void whatCannotRunHasNoLog() throws Exception {
    Path log = Files.writeString(data.resolve("log"), HEAD + "old\n");
    Exit cannot = new Exit(128, Creating.CONTAINER_CANNOT_RUN, "no", Instant.EPOCH);
    assertEquals("no", TerminationMessages.with(cannot, null, log, 100).message());
  }

  @Test
  void ofALogTheLastEightyLinesCountAndTheLast2048Bytes() throws Exception {
    Path log = data.resolve("log");
    Files.writeString(
        log, IntStream.range(0, 200).mapToObj(i -> HEAD + i + "\n").collect(Collectors.joining()) + "junk\n");
    String told = TerminationMessages.with(exit(1, ""), null, log, 12_288).message();
    assertEquals(80, told.lines().count());
    assertTrue(told.startsWith("120\n") && told.endsWith("199\n"), told);
    Files.writeString(log, HEAD.replace(" F ", " P ") + "a".repeat(3000) + "\n" + HEAD + "end\n");
    told = TerminationMessages.with(exit(1, ""), null, log, 12_288).message();
    assertEquals(2048, told.length());
    assertTrue(told.endsWith("aend\n"), told);
  }

  @Test
  void theRestartRulesDecideByExitCode() throws Exception {
    ContainerBuilder container =
        new ContainerBuilder().withRestartPolicy("Never")
            .addNewRestartPolicyRule().withAction("Restart")
            .withNewExitCodes().withOperator("In").withValues(42).endExitCodes().endRestartPolicyRule();
    try (OneContainer one = new OneContainer(data, container).start()) {
      one.awaitRunning(0);
      one.exit(42);
      one.awaitRunning(1);
      one.time.advance(Duration.ofHours(1));
      one.exit(1);
      one.awaitState("Done");
    }
  }
}
