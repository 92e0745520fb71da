package io.bundlet.apiserver.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.runtime.Subscription;
import io.bundlet.apiserver.ApiServerConfig;
import io.bundlet.apiserver.Settings;
import io.bundlet.apiserver.call.Trees;
import io.bundlet.apiserver.fake.FakeApi;
import io.bundlet.apiserver.fake.Until;
import io.bundlet.kubernetes.NodeSource;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the core says of the node reaches the server at once, and a core that fails or goes ends nothing. */
@Timeout(60)
class NodeRegistrationTest {
  private static final String NODE = "/api/v1/nodes/" + FakeApi.NODE;
  private static final String LEASE =
      "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/" + FakeApi.NODE;

  private static final ApiServerConfig CONFIG = Settings.of(ApiServerConfig.class, Map.of("lease_seconds", 100));

  /** A core of which a test says what it says. */
  private static final class Core implements NodeSource {
    private final List<Runnable> watching = new CopyOnWriteArrayList<>();
    private volatile String team;

    void say(String next) {
      team = next;
      watching.forEach(Runnable::run);
    }

    @Override
    public Node node() {
      if (team == null) {
        throw new IllegalStateException("just leaving");
      }
      return new NodeBuilder().withNewMetadata().withName(FakeApi.NODE).addToLabels("team", team).endMetadata()
          .withNewStatus().endStatus().build();
    }

    @Override
    public Subscription watch(Runnable changed) {
      watching.add(changed);
      return () -> watching.remove(changed);
    }
  }

  @Test
  void changesGoOutAndAFailingCoreIsBorne() throws Exception {
    try (FakeApi server = new FakeApi()) {
      NodeRegistration registration = new NodeRegistration(server, CONFIG);
      try {
        Core core = new Core();
        registration.setSource(core);
        core.say(null);
        core.say("red");
        Until.until("the node", () -> Trees.text(server.get(NODE), "metadata", "labels", "team").equals("red"));
        Until.until("the lease", () -> server.get(LEASE) != null);
        assertEquals(1, server.count("POST /apis/coordination.k8s.io/"));
        assertEquals(100L, Trees.number(server.get(LEASE), 0, "spec", "leaseDurationSeconds"));
        core.say("blue");
        Until.until("the change", () -> Trees.text(server.get(NODE), "metadata", "labels", "team").equals("blue"));
        registration.unsetSource(core);
        assertEquals(List.of(), core.watching);
        Core next = new Core();
        next.team = "green";
        registration.setSource(next);
        Until.until("the next core", () -> Trees.text(server.get(NODE), "metadata", "labels", "team").equals("green"));
      } finally {
        registration.stop();
      }
    }
  }

  @Test
  void aNodeThatWasThereBeforeLivesBeforeTheCoreSaysWhatItIsLike() throws Exception {
    try (FakeApi server = new FakeApi()) {
      String before = "2026-01-01T00:00:00.000000Z";
      server.put(LEASE, Map.of("kind", "Lease", "metadata", Map.of("name", FakeApi.NODE), "spec",
          Map.of("renewTime", before)));
      NodeRegistration registration = new NodeRegistration(server, CONFIG);
      try {
        Until.until("the renewal", () -> !Trees.text(server.get(LEASE), "spec", "renewTime").equals(before));
        Core core = new Core();
        core.team = "red";
        registration.setSource(core);
        Until.until("the owner", () -> !Trees.list(server.get(LEASE), "metadata", "ownerReferences").isEmpty());
      } finally {
        registration.stop();
      }
    }
  }
}
