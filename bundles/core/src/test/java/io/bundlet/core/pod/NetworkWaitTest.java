package io.bundlet.core.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runtime that has no network to give. */
class NetworkWaitTest {
  @TempDir Path data;
  private final ManualTime time = new ManualTime();
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(data, time);
    node.bind(provider);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private void network(boolean there) {
    provider.features = there ? List.of() : List.of(RuntimeStatus.HOST_NETWORK_ONLY);
    provider.reason = there ? "" : "NetworkPluginNotReady";
    provider.message = there ? "" : "no network is configured";
    provider.becomeReady(true);
  }

  @Test
  void whoIsInTheHostsNetworkRunsAndOthersWaitUntilItIsThere() {
    Pod before = TestNode.pod("before", "u1", "Always", "a");
    node.want(before);
    node.await("before", pod -> pod.phase().equals("Running"));
    network(false);
    Pod host = TestNode.pod("host", "u2", "Always", "a");
    host.getSpec().setHostNetwork(true);
    Pod own = TestNode.pod("own", "u3", "Always", "a");
    node.want(before, host, own);
    node.await("host", pod -> pod.phase().equals("Running"));
    node.await("own", pod -> pod.reason().equals("NetworkNotReady"));
    assertEquals("scripted: NetworkPluginNotReady: no network is configured", node.view("own").orElseThrow().message());
    assertTrue(node.dispatcher.events("u3").stream().anyMatch(event -> event.reason().equals("NetworkNotReady")
        && event.message().startsWith("network is not ready: scripted: ")));
    assertEquals(0, provider.count("run:own"));
    // What runs is restarted as always, and ends.
    provider.exit(provider.containers.values().stream().filter(one -> one.pod().name().equals("before")).findFirst()
        .orElseThrow().id(), 1);
    node.awaitContainer("before", "a", one -> one.lastExit().isPresent());
    node.want(host, own);
    node.await(() -> node.view("before").isEmpty());
    network(true);
    node.await("own", pod -> pod.phase().equals("Running"));
    assertEquals("", node.view("own").orElseThrow().reason());
  }
}
