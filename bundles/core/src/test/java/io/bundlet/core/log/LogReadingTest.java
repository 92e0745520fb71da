package io.bundlet.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.admin.LogReader;
import io.bundlet.api.runtime.ProviderFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class LogReadingTest {
  @TempDir Path logs;
  private LogRig rig;

  @BeforeEach
  void start() throws IOException {
    rig = new LogRig(logs);
  }

  @Test
  void linesOfBothStreamsInTheirOrderPartsJoinedPerStream() throws Exception {
    String t = LogRig.TIME;
    rig.write(rig.current(),
        t + " stdout F one\n" + t + " stdout P half \n" + t + " stderr F oops\n" + t + " stdout F done\n"
            + t + " stdout F\n" + t + " stdout F:other two  words \n" + t + " stdout P last");
    assertEquals("one\noops\nhalf done\n\ntwo  words \nlast", rig.text(rig.query()));
    assertEquals("oops\n", rig.text(rig.query().stream("stderr")));
  }

  @Test
  void sidecarsAreReadByTheirNames() throws Exception {
    rig.write(rig.current(), LogRig.line("one"));
    rig.asSidecar();
    assertEquals("one\n", rig.text(rig.query().container("main")));
  }

  @Test
  void whatIsNoLineIsLeftOutAndTheRestIsRead() throws Exception {
    rig.write(rig.current(),
        "\n garbage\n" + "x".repeat(300_000) + "\n" + LogRig.line("one") + "2026-99-99T00:00:00Z stdout F no\n"
            + LogRig.TIME + " stdin F no\n" + LogRig.TIME + " stdout X no\n" + LogRig.TIME + " stdout\n"
            + "\0\0\0\0" + LogRig.line("torn") + LogRig.line("two") + "2026-11-23T02:38:0");
    assertEquals("one\ntwo\n", rig.text(rig.query()));
  }

  @Test
  void anEndlessLineIsGivenInPartsAndGarbageWithoutAnEndTakesNoMemory() throws Exception {
    int length = 5 * LogInput.LONGEST + 17;
    rig.write(rig.current(), LogRig.line("x".repeat(length)) + "y".repeat(length) + "\n" + LogRig.line("end"));
    assertEquals("x".repeat(length) + "\nend\n", rig.text(rig.query()));
  }

  @Test
  void timestampsHaveNineDigitsAndSinceLeavesOutWhatIsOlder() throws Exception {
    rig.write(rig.current(),
        "2026-11-23T02:38:01Z stdout F a\n2026-11-23T03:38:02.5+01:00 stdout P b\n"
            + "2026-11-23T02:38:03.123456789Z stdout F c\n");
    assertEquals(
        "2026-11-23T02:38:01.000000000Z a\n2026-11-23T03:38:02.500000000+01:00 bc\n",
        rig.text(rig.query().timestamps(true)));
    assertEquals("bc\n", rig.text(rig.query().since(Instant.parse("2026-11-23T02:38:02.5Z"))));
    assertEquals("", rig.text(rig.query().since(Instant.parse("2026-11-23T02:38:02.6Z"))));
  }

  @Test
  void tailCountsWholeLinesFromTheEnd() throws Exception {
    List<String> lines = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      lines.add("line " + i);
      // Lengths that put heads and ends of lines onto every place of a block.
      String half = "x".repeat(i % 61);
      text.append(LogRig.TIME).append(" stdout P ").append(half).append('\n').append(LogRig.line("line " + i));
      if (i % 10 == 0) {
        text.append(LogRig.TIME).append(" stderr F e").append(i).append('\n');
      }
    }
    rig.write(rig.current(), text.toString());
    String all = rig.text(rig.query());
    List<String> shown = all.lines().toList();
    for (int tail : List.of(0, 1, 2, 10, 700, 5499, 5500, 9999)) {
      List<String> last = shown.subList(Math.max(0, shown.size() - tail), shown.size());
      assertEquals(last, rig.text(rig.query().tail(tail)).lines().toList(), "tail " + tail);
    }
    rig.write(rig.current(), LogRig.TIME + " stdout P cut off\n");
    assertEquals("cut off", rig.text(rig.query().tail(1)));
    assertEquals("line 4999\ncut off", rig.text(rig.query().tail(2)).replaceFirst("^x*", ""));
    assertEquals(List.of("e4980", "e4990"), rig.text(rig.query().tail(2).stream("stderr")).lines().toList());
  }

  @Test
  void tailLeavesOutTheFirstLineOfTheFile() throws Exception {
    rig.write(rig.current(), LogRig.line("one") + LogRig.line("two") + LogRig.line("three"));
    assertEquals("two\nthree\n", rig.text(rig.query().tail(2)));
    assertEquals("one\ntwo\nthree\n", rig.text(rig.query().tail(3)));
    assertEquals("one\ntwo\nthree\n", rig.text(rig.query().tail(4)));
  }

  @Test
  void anEndlessOutputEndsAtTheLimitOfBytes() throws Exception {
    rig.write(rig.current(), LogRig.line("one") + LogRig.line("two"));
    assertEquals("one\ntw", rig.text(rig.query().limitBytes(6)));
    assertEquals("", rig.text(rig.query().limitBytes(0)));
    assertEquals("one\ntw", rig.text(rig.query().limitBytes(6).follow(true)));
  }

  @Test
  void aFollowerSeesWhatIsAddedAndEndsWhenTheContainerHasEnded() throws Exception {
    rig.write(rig.current(), LogRig.line("one"));
    StringBuffer seen = new StringBuffer();
    CompletableFuture<String> all = rig.follow(rig.reading.open(rig.query().follow(true).build()), seen);
    rig.until(() -> seen.toString().equals("one\n"));
    rig.write(rig.current(), LogRig.TIME + " stdout F tw");
    rig.write(rig.current(), "o\n");
    rig.until(() -> seen.toString().equals("one\ntwo\n"));
    rig.write(rig.current(), LogRig.line("last words"));
    rig.ended(0);
    rig.until(all::isDone);
    assertEquals("one\ntwo\nlast words\n", all.get());
  }

  @Test
  void aFollowerLosesNothingOverRotations() throws Exception {
    rig.write(rig.current(), LogRig.line("0"));
    StringBuffer seen = new StringBuffer();
    CompletableFuture<String> all = rig.follow(rig.reading.open(rig.query().follow(true).build()), seen);
    rig.until(() -> seen.length() > 0);
    StringBuilder expected = new StringBuilder("0\n");
    for (int rotation = 1; rotation <= 20; rotation++) {
      Path renamed = rig.current().resolveSibling(String.format("0.log.20261123-0000%02d", rotation));
      Files.move(rig.current(), renamed);
      // The runtime writes on into the renamed file until it has opened the new one.
      rig.write(renamed, LogRig.line("late " + rotation));
      rig.write(rig.current(), LogRig.line("new " + rotation));
      expected.append("late ").append(rotation).append("\nnew ").append(rotation).append('\n');
      if (rotation % 3 == 0) {
        // Meanwhile older files are compressed and removed, as the rotation does it, past a reader who is slow.
        compress(renamed);
      }
      if (rotation % 4 == 0) {
        String sofar = expected.toString();
        rig.until(() -> seen.toString().equals(sofar));
      }
    }
    rig.ended(0);
    rig.until(all::isDone);
    assertEquals(expected.toString(), all.get());
  }

  private static void compress(Path file) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(unfinished))) {
      Files.copy(file, out);
    }
    Files.move(unfinished, file.resolveSibling(file.getFileName() + ".gz"));
    Files.delete(file);
  }

  @Test
  void aReaderThatComesInTheMiddleOfARotationReadsTheRenamedFile() throws Exception {
    rig.write(rig.current().resolveSibling("0.log.20261123-000001"), LogRig.line("old"));
    Path renamed = rig.current().resolveSibling("0.log.20261123-000002");
    rig.write(renamed, LogRig.line("one"));
    StringBuffer seen = new StringBuffer();
    CompletableFuture<String> all = rig.follow(rig.reading.open(rig.query().follow(true).build()), seen);
    rig.until(() -> seen.toString().equals("one\n"));
    // Taken back, and done again.
    Files.move(renamed, rig.current());
    rig.write(rig.current(), LogRig.line("two"));
    rig.until(() -> seen.toString().equals("one\ntwo\n"));
    Files.move(rig.current(), renamed);
    rig.write(renamed, LogRig.line("three"));
    rig.write(rig.current(), LogRig.line("four"));
    rig.ended(0);
    rig.until(all::isDone);
    assertEquals("one\ntwo\nthree\nfour\n", all.get());
  }

  @Test
  void previousIsTheInstanceBeforeAndAWaitingContainerShowsTheLastOne() throws Exception {
    rig.write(rig.files.current(0), LogRig.line("first"));
    rig.write(rig.files.current(2), LogRig.line("second"));
    rig.runs(2);
    assertEquals("second\n", rig.text(rig.query()));
    assertEquals("first\n", rig.text(rig.query().previous(true)));
    rig.waits("CrashLoopBackOff", true);
    assertEquals("second\n", rig.text(rig.query()));
    CompletableFuture<String> all =
        rig.follow(rig.reading.open(rig.query().previous(true).follow(true).build()), new StringBuffer());
    rig.until(all::isDone);
    assertEquals("second\n", all.get());
  }

  @Test
  void whatCannotBeReadIsSaidInKubernetesWords() throws Exception {
    rig.write(rig.current(), LogRig.line("one"));
    refused(rig.query().previous(true), ProviderFailure.NOT_FOUND,
        "previous terminated container \"main\" in pod \"web\" not found");
    refused(rig.query().container("other"), ProviderFailure.INVALID, "container other is not valid for pod web");
    refused(io.bundlet.api.admin.LogQuery.of("nothing"), ProviderFailure.NOT_FOUND, "no pod 'nothing'");
    rig.waits("ContainerCreating", false);
    refused(rig.query(), ProviderFailure.UNAVAILABLE,
        "container \"main\" in pod \"web\" is waiting to start: ContainerCreating");
    rig.waits("ErrImagePull", false);
    refused(rig.query(), ProviderFailure.UNAVAILABLE,
        "container \"main\" in pod \"web\" is waiting to start: image can't be pulled");
    rig.waits("ImagePullBackOff", false);
    refused(rig.query(), ProviderFailure.UNAVAILABLE,
        "container \"main\" in pod \"web\" is waiting to start: trying and failing to pull image");
    rig.runs(0);
    rig.pod = java.util.Optional.of(rig.pod(
        rig.pod.orElseThrow().containers().getFirst(), rig.pod.orElseThrow().containers().getFirst()));
    refused(rig.query(), ProviderFailure.INVALID,
        "a container name must be specified for pod web, choose one of: [main main]");
  }

  private void refused(io.bundlet.api.admin.LogQuery.Builder query, String kind, String message) {
    ProviderFailure failure = assertThrows(ProviderFailure.class, () -> rig.reading.open(query.build()));
    assertEquals(message, failure.getMessage());
    assertEquals(kind, failure.kind());
  }

  @Test
  void closingAndInterruptsAndTheEndOfTheCoreEndAReaderAtOnce() throws Exception {
    rig.write(rig.current(), LogRig.line("one"));
    StringBuffer seen = new StringBuffer();
    LogReader closed = rig.reading.open(rig.query().follow(true).build());
    CompletableFuture<String> all = rig.follow(closed, seen);
    rig.until(() -> seen.length() > 0);
    closed.close();
    assertEquals("one\n", all.get(120, TimeUnit.SECONDS));

    LogReader interrupted = rig.reading.open(rig.query().follow(true).build());
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> LogRig.all(interrupted));
    assertEquals("one\n", rig.text(rig.query()));

    CompletableFuture<String> last = rig.follow(rig.reading.open(rig.query().follow(true).build()), new StringBuffer());
    rig.reading.end();
    ExecutionException gone = assertThrows(ExecutionException.class, () -> last.get(120, TimeUnit.SECONDS));
    assertTrue(assertInstanceOf(IOException.class, gone.getCause()).getMessage().contains("ask again"));
  }
}
