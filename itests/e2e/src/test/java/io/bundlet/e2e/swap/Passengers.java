package io.bundlet.e2e.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.PodLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Pods that start before an exchange and use for the first time after it what they have not used: a module all of WASI,
 * an actor on each engine all that its host gives it, a container its signals. Then they are stopped with grace and
 * deleted.
 */
final class Passengers {
  private final SwapNode node;
  private final String module;
  private final String actor;
  private final String nativeActor;
  private final String box;
  private final int port;
  private final int nativePort;
  private final Path directory;

  /** Starts them and waits until they run. */
  Passengers(SwapNode node, int number) throws IOException {
    this.node = node;
    module = "late-" + number;
    actor = "speaker-" + number;
    nativeActor = "native-" + number;
    box = "box-" + number;
    port = Ports.free();
    nativePort = Ports.free();
    directory = Files.createDirectories(node.work.resolve(module));
    node.run(module, node.pods.lateCalls(module, directory));
    node.run(actor, node.pods.echo(actor, port));
    node.run(nativeActor, node.pods.echo(nativeActor, nativePort, "wasmtime"));
    node.run(box, node.pods.container(box, Ports.free()));
    node.awaitLine(module, "waiting");
    node.awaitLine(box, "1");
    for (int each : new int[] {port, nativePort}) {
      Eventually.until("an actor on port " + each, SwapNode.LIMIT, () -> Ports.ask(each, "count").equals("1"));
    }
  }

  /** What was exchanged takes these with it: waits until they run again. */
  void awaitRestart(boolean modules, boolean actors, boolean nativeActors) {
    if (modules) {
      Eventually.until(module + " runs again", SwapNode.LIMIT, () -> PodLog.lines(node.node.data(), module, "main")
          .stream().filter(line -> line.text().contains("waiting")).count() == 2);
    }
    awaitRestart(actor, actors);
    awaitRestart(nativeActor, nativeActors);
  }

  private void awaitRestart(String pod, boolean expected) {
    if (expected) {
      Eventually.until(pod + " is told as restarted", SwapNode.LIMIT, () -> node.restarts(pod) == 1);
    } else {
      assertEquals(0, node.restarts(pod), pod + " was restarted");
    }
  }

  /** Has them use all that they have not used yet. */
  void useAll(boolean sameActor, boolean sameNativeActor) throws IOException {
    Files.writeString(directory.resolve("go"), "");
    node.awaitLine(module, "late: all 16 calls work");
    useAll(actor, port, sameActor);
    useAll(nativeActor, nativePort, sameNativeActor);
  }

  private void useAll(String who, int at, boolean same) throws IOException {
    Eventually.until(who + " answers", SwapNode.LIMIT, () -> Ports.ask(at, "echo again").equals("again"));
    assertEquals(same ? "2" : "1", Ports.ask(at, "count"), who + (same ? " is another one" : " is the same as before"));
    assertEquals("LATE", Ports.ask(at, "host late"));
    assertEquals("logged", Ports.ask(at, "log late of " + who));
    assertTrue(Ports.ask(at, "hosterr").contains("NoSuchOperation"), Ports.ask(at, "hosterr"));
    assertTrue(Ports.ask(at, "error own").contains("own"), Ports.ask(at, "error own"));
    node.awaitLine(who, "late of " + who);
  }

  /** Has them stopped with grace and deleted, with nothing left. */
  void leave() throws IOException {
    node.remove(module, actor, nativeActor, box);
    assertTrue(Files.readAllLines(node.work.resolve("ended")).contains(box), box + " was not asked to end");
    Eventually.until("no sandbox of " + box, SwapNode.LIMIT, () -> !node.runtime.sandboxes().containsKey(box));
  }
}
