package io.bundlet.e2e.peer;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.cri.protocol.ListPodSandboxRequest;
import io.bundlet.cri.protocol.PodSandbox;
import io.bundlet.cri.protocol.PodSandboxState;
import io.bundlet.cri.protocol.RemovePodSandboxRequest;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** {@code ./check --peer}. The property names the other kubelet's program. */
@EnabledIfSystemProperty(named = "peer.kubelet", matches = ".+")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class PeerTest {
  private static final Path TARGET = Distribution.repository().resolve("itests/e2e/target/peer");

  private Path home;
  private Containerd containerd;

  @BeforeEach
  void begin() throws Exception {
    assumeTrue(Containerd.available(), "needs root and Debian's containerd, runc, containernetworking-plugins");
    home = Files.createTempDirectory("peer");
    containerd = Containerd.start(home.resolve("c"));
    Distribution.remove(TARGET);
    Files.createDirectories(TARGET);
  }

  @AfterEach
  void end() {
    if (containerd != null) {
      containerd.close();
    }
    if (home != null) {
      Distribution.remove(home);
    }
  }

  @Test
  void podsGoThroughTheSameAsWithTheUpstreamKubelet() throws Exception {
    List<PeerManifest> manifests = PeerManifest.all();
    StringBuilder table = new StringBuilder();
    Map<String, Round.Seen> upstream;
    try (Kubelet kubelet =
        new UpstreamKubelet(
            Path.of(System.getProperty("peer.kubelet")), home.resolve("upstream"), TARGET.resolve("upstream.log"),
            containerd)) {
      upstream = round(kubelet, manifests, table);
    }
    removeSandboxes();
    Map<String, Round.Seen> bundlet;
    try (Kubelet kubelet = new BundletKubelet(home.resolve("bundlet"), containerd)) {
      bundlet = round(kubelet, manifests, table);
    }
    List<Difference> unknown = compare(manifests, upstream, bundlet, table);
    table.append('\n').append(new BadPods(upstream, bundlet).table(manifests));
    Files.writeString(TARGET.resolve("table.txt"), table);
    System.out.println(table);
    assertTrue(unknown.isEmpty(), () -> unknown.size() + " differences that nobody explains; everything is in "
        + TARGET + "\n" + String.join("\n", unknown.stream().map(Difference::toString).toList()));
  }

  private Map<String, Round.Seen> round(Kubelet kubelet, List<PeerManifest> manifests, StringBuilder table)
      throws Exception {
    Path said = Files.createDirectories(home.resolve("said-" + kubelet.name()));
    try {
      Map<String, Round.Seen> seen = new Round(kubelet, said).run(manifests, this::nothingRuns);
      StringBuilder text = new StringBuilder();
      seen.forEach((pod, each) -> text.append(pod).append('\n').append(each.history().text(each.putMillis()))
          .append(each.said()).append("\n\n"));
      Files.writeString(TARGET.resolve(kubelet.name() + ".txt"), text);
      return seen;
    } finally {
      table.append(kubelet.name()).append(": ").append(kubelet.remark()).append('\n');
    }
  }

  private boolean nothingRuns() {
    return sandboxes().stream().noneMatch(one -> one.getState() == PodSandboxState.SANDBOX_READY);
  }

  private List<PodSandbox> sandboxes() {
    return containerd.client().runtime().listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList();
  }

  private void removeSandboxes() {
    for (PodSandbox sandbox : sandboxes()) {
      containerd.client().runtime().removePodSandbox(
          RemovePodSandboxRequest.newBuilder().setPodSandboxId(sandbox.getId()).build());
    }
  }

  /** @return what is not known */
  private static List<Difference> compare(
      List<PeerManifest> manifests, Map<String, Round.Seen> upstream, Map<String, Round.Seen> bundlet,
      StringBuilder table) throws Exception {
    KnownDifferences known = new KnownDifferences();
    Set<KnownDifferences.Known> used = new HashSet<>();
    List<Difference> unknown = new ArrayList<>();
    int same = 0;
    for (PeerManifest manifest : manifests) {
      List<Difference> found =
          Difference.of(manifest, upstream.get(manifest.name()), bundlet.get(manifest.name()), known.all());
      same += found.isEmpty() ? 1 : 0;
      table.append("%n%-24s %-10s %s%n".formatted(
          manifest.name(), found.isEmpty() ? "same" : "difference", manifest.about()));
      for (Difference difference : found) {
        Optional<KnownDifferences.Known> why = known.of(difference);
        why.ifPresent(used::add);
        if (why.isEmpty()) {
          unknown.add(difference);
        }
        table.append("  ").append(difference.track()).append("\n    upstream: ").append(difference.upstream())
            .append("\n    bundlet:  ").append(difference.bundlet()).append("\n    ")
            .append(why.map(KnownDifferences.Known::explanation).orElse("NOT EXPLAINED")).append('\n');
      }
    }
    table.append("%n%d manifests: %d without a difference, %d differences that nobody explains%n".formatted(
        manifests.size(), same, unknown.size()));
    known.all().stream().filter(each -> !used.contains(each) && !each.fields().containsKey("passes"))
        .forEach(each -> table.append("known, but not seen this time: ").append(each.fields()).append('\n'));
    return unknown;
  }
}
