package io.bundlet.testkit.containerd;

import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What a containerd is told so that it keeps everything in one directory and shares nothing with another.
 *
 * @param directory holds all of it
 * @param network the name of its pod network, which stands in every iptables rule made for it
 * @param bridge the name of its bridge; 15 characters at most
 * @param subnet the first two bytes and a third of 10.a.b.0/24
 */
record Configuration(Path directory, String network, String bridge, String subnet) {
  static final String BRIDGE_PREFIX = "bndt";

  static Configuration in(Path directory) throws IOException {
    SecureRandom random = new SecureRandom();
    byte[] id = new byte[4];
    random.nextBytes(id);
    String name = HexFormat.of().formatHex(id);
    String subnet;
    do {
      subnet = "10." + (128 + random.nextInt(100)) + "." + random.nextInt(256);
    } while (used(subnet + "."));
    return new Configuration(directory, "bundlet-" + name, BRIDGE_PREFIX + name, subnet);
  }

  Path socket() {
    return directory.resolve("containerd.sock");
  }

  Path file() {
    return directory.resolve("config.toml");
  }

  void write(String pauseImage) throws IOException {
    Files.createDirectories(directory.resolve("cni/net.d"));
    Files.writeString(directory.resolve("cni/net.d/10-bundlet.conflist"), cni());
    Files.writeString(file(), toml(pauseImage));
  }

  private String toml(String pauseImage) {
    String cri = "plugins.\"io.containerd.grpc.v1.cri\"";
    return """
        version = 2
        root = "%1$s/root"
        state = "%1$s/state"
        oom_score = 0
        disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
          "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper",
          "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing"]
        [grpc]
          address = "%2$s"
        [ttrpc]
          address = "%2$s.ttrpc"
        [plugins."io.containerd.internal.v1.opt"]
          path = "%1$s/opt"
        [%3$s]
          sandbox_image = "%4$s"
          # where the tests may not lower their score, no container may either
          restrict_oom_score_adj = true
          # so that it is known whose they are
          netns_mounts_under_state_dir = true
          disable_apparmor = true
          disable_hugetlb_controller = true
          stream_server_address = "127.0.0.1"
          stream_server_port = "0"
          [%3$s.registry]
            config_path = "%1$s/registries"
          [%3$s.cni]
            bin_dir = "/usr/lib/cni"
            conf_dir = "%1$s/cni/net.d"
          [%3$s.containerd]
            snapshotter = "overlayfs"
            default_runtime_name = "runc"
            [%3$s.containerd.runtimes.runc]
              runtime_type = "io.containerd.runc.v2"
              [%3$s.containerd.runtimes.runc.options]
                SystemdCgroup = false
                Root = "%1$s/runc"
        """.formatted(directory, socket(), cri, pauseImage);
  }

  private String cni() {
    return """
        {"cniVersion": "0.4.0", "name": "%s", "plugins": [
          {"type": "bridge", "bridge": "%s", "isGateway": true, "ipMasq": true, "hairpinMode": true,
           "ipam": {"type": "host-local", "ranges": [[{"subnet": "%s.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}],
                    "dataDir": "%s/cni/ipam"}},
          {"type": "portmap", "capabilities": {"portMappings": true}, "snat": true}]}
        """.formatted(network, bridge, subnet, directory);
  }

  private static boolean used(String prefix) throws IOException {
    return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
        .anyMatch(address -> address.getHostAddress().startsWith(prefix));
  }
}
