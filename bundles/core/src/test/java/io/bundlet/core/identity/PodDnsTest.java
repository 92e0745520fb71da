package io.bundlet.core.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.Dns;
import io.bundlet.api.runtime.ProviderFailure;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodDNSConfig;
import io.fabric8.kubernetes.api.model.PodDNSConfigOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows of kubelet-wire.md §5.3 on looking names up. */
class PodDnsTest {
  private static final Dns NODE = new Dns(List.of("192.0.2.53"), List.of("example.com", "corp"), List.of("timeout:2"));
  private static final Dns CLUSTER =
      new Dns(
          List.of("10.96.0.10"),
          List.of("shop.svc.cluster.local", "svc.cluster.local", "cluster.local", "example.com", "corp"),
          List.of("ndots:5"));

  @TempDir private Path directory;
  private Path resolvConf;
  private final List<String> events = new ArrayList<>();

  @BeforeEach
  void nodesFile() throws IOException {
    resolvConf = directory.resolve("resolv.conf");
    Files.writeString(
        resolvConf,
        "# of the node\n; too\nsearch gone.example\nnameserver 192.0.2.53\n"
            + "search example.com. corp\noptions timeout:2\n\n");
  }

  private NameSettings settings(String... clusterDns) {
    return NameSettings.of(clusterDns, "cluster.local.", resolvConf.toString());
  }

  private Dns dns(NameSettings settings, Pod pod) throws ProviderFailure {
    return new PodDns(settings, List.of("192.0.2.1", "2001:db8::1"))
        .of(pod, (path, type, reason, message) -> events.add(type + " " + reason + " " + message));
  }

  private static Pod pod(String policy, boolean hostNetwork, PodDNSConfig config) {
    return new PodBuilder().withNewMetadata().withNamespace("shop").withName("web").endMetadata()
        .withNewSpec().withDnsPolicy(policy).withHostNetwork(hostNetwork).withDnsConfig(config).endSpec().build();
  }

  @Test
  void defaultIsTheNodes() throws ProviderFailure {
    assertEquals(NODE, dns(settings("10.96.0.10"), pod("Default", false, null)));
    assertEquals(List.of(), events);
  }

  @Test
  void clusterFirst() throws ProviderFailure {
    assertEquals(CLUSTER, dns(settings("10.96.0.10"), pod("ClusterFirst", false, null)));
    assertEquals(CLUSTER, dns(settings("10.96.0.10"), pod(null, false, null)));
    assertEquals(
        List.of("10.96.0.10", "10.96.0.11"),
        dns(settings("10.96.0.10, 10.96.0.11"), pod("ClusterFirst", false, null)).servers());
  }

  @Test
  void clusterFirstInTheNodesNetworkIsTheNodes() throws ProviderFailure {
    assertEquals(NODE, dns(settings("10.96.0.10"), pod("ClusterFirst", true, null)));
    assertEquals(CLUSTER, dns(settings("10.96.0.10"), pod("ClusterFirstWithHostNet", true, null)));
  }

  @Test
  void withoutAClusterItIsToldAndTheNodesIsUsed() throws ProviderFailure {
    assertEquals(NODE, dns(settings(), pod("ClusterFirst", false, null)));
    assertEquals(1, events.size());
    assertTrue(events.getFirst().startsWith("Warning MissingClusterDNS "), events.getFirst());
  }

  @Test
  void noneIsWhatThePodSays() throws ProviderFailure {
    PodDNSConfig config =
        new PodDNSConfig(List.of("9.9.9.9"),
        List.of(new PodDNSConfigOption("ndots", "1"), new PodDNSConfigOption("edns0", null)),
            List.of("a.example"));
    assertEquals(
        new Dns(List.of("9.9.9.9"), List.of("a.example"), List.of("ndots:1", "edns0")),
        dns(settings("10.96.0.10"), pod("None", false, config)));
  }

  @Test
  void whatThePodSaysIsAddedWithoutDoublesAndItsOptionsWin() throws ProviderFailure {
    PodDNSConfig config =
        new PodDNSConfig(
            List.of("9.9.9.9", "10.96.0.10"),
            List.of(new PodDNSConfigOption("ndots", "2"), new PodDNSConfigOption("edns0", null)),
            List.of("corp", "mine.example"));
    Dns dns = dns(settings("10.96.0.10"), pod("ClusterFirst", false, config));
    assertEquals(List.of("10.96.0.10", "9.9.9.9"), dns.servers());
    assertEquals(
        List.of("shop.svc.cluster.local", "svc.cluster.local", "cluster.local", "example.com", "corp", "mine.example"),
        dns.searches());
    assertEquals(List.of("ndots:2", "edns0"), dns.options());
  }

  @Test
  void serversAreThreeAtMost() throws ProviderFailure {
    PodDNSConfig config = new PodDNSConfig(List.of("1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4"), List.of(), List.of());
    assertEquals(List.of("1.1.1.1", "2.2.2.2", "3.3.3.3"), dns(settings(), pod("None", false, config)).servers());
    assertEquals(
        List.of("Warning DNSConfigForming Nameserver limits were exceeded, some nameservers have been omitted,"
            + " the applied "
            + "nameserver line is: 1.1.1.1 2.2.2.2 3.3.3.3"),
        events);
  }

  @Test
  void searchesAreThirtyTwoAtMost() throws ProviderFailure {
    List<String> many = IntStream.range(0, 33).mapToObj(i -> "d" + i).toList();
    assertEquals(
        many.subList(0, 32), dns(settings(), pod("None", false, new PodDNSConfig(List.of(), List.of(), many)))
        .searches());
    assertTrue(events.getFirst().startsWith("Warning DNSConfigForming Search Line limits were exceeded"),
        events.getFirst());
  }

  @Test
  void searchesHave2048CharactersTogetherAtMost() throws ProviderFailure {
    // 8 of 253 characters and 7 spaces are 2031; 16 more with a space are 2048
    List<String> eight = IntStream.range(0, 8).mapToObj(i -> i + "x".repeat(252)).toList();
    List<String> fits = new ArrayList<>(eight);
    fits.add("y".repeat(16));
    assertEquals(
        fits, dns(settings(), pod("None", false, new PodDNSConfig(List.of(), List.of(), fits))).searches());
    assertEquals(List.of(), events);
    List<String> over = new ArrayList<>(eight);
    over.add("y".repeat(17));
    assertEquals(
        eight, dns(settings(), pod("None", false, new PodDNSConfig(List.of(), List.of(), over))).searches());
    assertEquals(1, events.size());
  }

  @Test
  void aDomainThatIsTooLongIsLeftOut() throws ProviderFailure {
    assertEquals(
        List.of("a"),
        dns(settings(), pod("None", false, new PodDNSConfig(List.of(), List.of(), List.of("x".repeat(254), "a"))))
        .searches());
    assertEquals(1, events.size());
  }

  @Test
  void aNodeWithoutAFileLeavesPodsToThemselves() throws ProviderFailure {
    NameSettings none = new NameSettings(List.of(), "", Optional.empty(), Path.of("/etc/hosts"));
    assertEquals(
        new Dns(List.of("127.0.0.1", "::1"), List.of("."), List.of()), dns(none, pod("Default", false, null)));
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    NameSettings gone = NameSettings.of(new String[0], "", directory.resolve("gone").toString());
    ProviderFailure failure =
        assertThrows(ProviderFailure.class, () -> dns(gone, pod("Default", false, null)));
    assertEquals(ProviderFailure.UNAVAILABLE, failure.kind());
    assertTrue(failure.getMessage().contains(directory.resolve("gone").toString()), failure.getMessage());
  }

  @Test
  void addressesOfTheNode() {
    assertEquals(List.of("192.0.2.1", "2001:db8::1"), NodeAddresses.of("192.0.2.1,2001:db8::1"));
    assertTrue(!NodeAddresses.of().isEmpty());
  }
}
