package io.bundlet.core.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.AttachPart;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Exec;
import io.bundlet.api.runtime.ExecPart;
import io.bundlet.api.runtime.ExecResult;
import io.bundlet.api.runtime.PortForwardPart;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.StreamTarget;
import io.bundlet.api.runtime.Streams;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The way into pods. */
class NodeStreamsTest {
  private static final Streams ALL = new Streams(true, true, true, false);
  private static final URI URL = URI.create("http://127.0.0.1:1/x");

  @TempDir Path data;
  private final ManualTime time = new ManualTime();
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private TestNode node;
  private NodeStreams streams;

  /** Says what it was asked. */
  private final class Commands implements ExecPart {
    @Override
    public ExecResult execSync(ContainerId container, Exec exec) {
      asked.add("run " + container + " " + exec.command());
      return new ExecResult(0, new byte[0], new byte[0]);
    }

    @Override
    public StreamTarget exec(ContainerId container, List<String> command, Streams wanted) throws ProviderFailure {
      asked.add("exec " + container + " " + command + " " + wanted);
      return StreamTarget.at(URL);
    }
  }

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(data, time);
    node.bind(provider);
    streams = new NodeStreams(node.providers, node::view, node.dispatcher::sandboxed);
    provider.parts.put(ExecPart.class, new Commands());
    provider.parts.put(AttachPart.class, (AttachPart) (container, wanted) -> {
      asked.add("attach " + container + " " + wanted);
      return StreamTarget.at(URL);
    });
    provider.parts.put(PortForwardPart.class, (PortForwardPart) (sandbox, ports) -> {
      asked.add("forward " + sandbox + " " + ports);
      return StreamTarget.at(URL);
    });
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private void run(Pod pod) {
    node.want(pod);
    node.await(pod.getMetadata().getName(), view -> view.phase().equals("Running"));
  }

  private static String failure(String kind, Executable call) {
    ProviderFailure failure = assertThrows(ProviderFailure.class, call);
    assertEquals(kind, failure.kind(), failure.getMessage());
    return failure.getMessage();
  }

  @Test
  void theProviderIsAskedWithItsOwnIds() throws Exception {
    run(TestNode.pod("web", "u1", "Always", "a"));
    String id = provider.only("a").value();
    assertEquals(URL, streams.exec("web", "", List.of("ls"), ALL).upgradeTo().orElseThrow());
    streams.run("web", "a", new Exec(List.of("true"), Duration.ZERO, 1));
    streams.portForward("web", List.of(80));
    assertEquals(
        List.of("exec " + id + " [ls] " + ALL, "run " + id + " [true]", "forward s-u1-0 [80]"), asked);
  }

  @Test
  void whoAttachesGetsTheStreamsThatTheContainerHas() throws Exception {
    Pod pod = TestNode.pod("web", "u1", "Always", "plain", "terminal");
    pod.getSpec().getContainers().get(1).setTty(true);
    pod.getSpec().getContainers().get(1).setStdin(true);
    run(pod);
    streams.attach("web", "plain", ALL);
    streams.attach("web", "terminal", ALL);
    assertEquals(
        List.of("attach " + provider.only("plain") + " " + new Streams(false, true, true, false),
            "attach " + provider.only("terminal") + " " + new Streams(true, true, false, true)), asked);
    assertTrue(failure(ProviderFailure.INVALID,
        () -> streams.attach("web", "plain", new Streams(true, false, false, false))).contains("stdin: false"));
  }

  @Test
  void whatCannotBeIsSaidByName() {
    assertTrue(failure(ProviderFailure.NOT_FOUND, () -> streams.portForward("none", List.of())).contains("'none'"));
    run(TestNode.pod("web", "u1", "Never", "a", "b"));
    assertTrue(failure(ProviderFailure.INVALID, () -> streams.exec("web", "", List.of("ls"), ALL))
        .contains("name one of a, b"));
    assertTrue(failure(ProviderFailure.INVALID, () -> streams.exec("web", "c", List.of("ls"), ALL))
        .contains("no container 'c'"));
    failure(ProviderFailure.INVALID, () -> streams.exec("web", "a", List.of(), ALL));
    provider.exit(provider.only("a"), 0);
    node.awaitContainer("web", "a", one -> one.exit().isPresent());
    assertTrue(failure(ProviderFailure.UNAVAILABLE, () -> streams.exec("web", "a", List.of("ls"), ALL))
        .contains("container a of pod default/web does not run"));
    provider.parts.clear();
    assertTrue(failure(ProviderFailure.UNSUPPORTED, () -> streams.exec("web", "b", List.of("ls"), ALL))
        .contains("the runtime provider scripted cannot run commands in containers"));
    node.providers.unbind(provider);
    failure(ProviderFailure.UNAVAILABLE, () -> streams.exec("web", "b", List.of("ls"), ALL));
  }
}
