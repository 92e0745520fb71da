package io.bundlet.core.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.bundlet.api.runtime.ProviderFailure;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows of kubelet-wire.md §5.3 on the hosts file. */
class HostsFileTest {
  @TempDir private Path directory;

  private static PodBuilder pod() {
    return new PodBuilder().withNewMetadata().withNamespace("shop").withName("web").endMetadata().withNewSpec()
        .endSpec();
  }

  private static final String OWN =
      "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"
          + "fe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n";

  private String content(Pod pod, List<String> ips) throws ProviderFailure {
    return HostsFile.content(pod, PodHostname.of(pod, "cluster.local"), ips, directory.resolve("node-hosts"));
  }

  @Test
  void aPodInItsOwnNetwork() throws ProviderFailure {
    assertEquals(OWN + "10.0.0.7\tweb\nfd00::7\tweb\n", content(pod().build(), List.of("10.0.0.7", "fd00::7")));
  }

  @Test
  void aPodInADomain() throws ProviderFailure {
    assertEquals(
        OWN + "10.0.0.7\tweb.data.shop.svc.cluster.local\tweb\n",
        content(pod().editSpec().withSubdomain("data").endSpec().build(), List.of("10.0.0.7")));
  }

  @Test
  void aliasesFollow() throws ProviderFailure {
    Pod pod =
        pod().editSpec()
            .withHostAliases(new HostAlias(List.of("one", "two.example"), "192.0.2.1"),
                new HostAlias(List.of("six"), "fd00::1"))
            .endSpec().build();
    assertEquals(
        OWN + "10.0.0.7\tweb\n\n# Entries added by HostAliases.\n192.0.2.1\tone\ttwo.example\nfd00::1\tsix\n",
        content(pod, List.of("10.0.0.7")));
  }

  @Test
  void aPodInTheNodesNetworkHasTheNodesFile() throws ProviderFailure, IOException {
    Files.writeString(directory.resolve("node-hosts"), "127.0.0.1 localhost\n192.0.2.9 gateway\n");
    Pod pod =
        pod().editSpec().withHostNetwork(true).withHostAliases(new HostAlias(List.of("one"), "192.0.2.1")).endSpec()
        .build();
    assertEquals(
        "# Kubernetes-managed hosts file (host network).\n127.0.0.1 localhost\n192.0.2.9 gateway\n"
            + "\n# Entries added by HostAliases.\n192.0.2.1\tone\n",
        content(pod, List.of("192.0.2.1")));
  }

  @Test
  void itIsWrittenForEverybodyToReadAndNotUnderThoseWhoSeeIt() throws ProviderFailure, IOException {
    Files.createDirectory(directory.resolve("pod"));
    Path file = HostsFile.write(directory.resolve("pod"), "a");
    assertEquals("etc-hosts", file.getFileName().toString());
    assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    Object before = Files.getAttribute(file, "unix:ino");
    HostsFile.write(directory.resolve("pod"), "a");
    assertEquals(before, Files.getAttribute(file, "unix:ino"));
    Files.writeString(file, "b, by a container");
    HostsFile.write(directory.resolve("pod"), "a");
    assertNotEquals(before, Files.getAttribute(file, "unix:ino"));
    assertEquals("a", Files.readString(file));
    try (var files = Files.list(file.getParent())) {
      assertEquals(1, files.count());
    }
  }
}
