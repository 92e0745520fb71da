package io.bundlet.core.identity;

import io.bundlet.api.runtime.ProviderFailure;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;

/** A pod's {@code /etc/hosts}. Its form is the one of Kubernetes' kubelet, which programs know. */
public final class HostsFile {
  /** Where containers see it. */
  public static final String CONTAINER_PATH = "/etc/hosts";
  /** Its name in a pod's directory. */
  public static final String NAME = "etc-hosts";

  private static final int LARGEST = 1 << 20;
  private static final String MODE = "rw-r--r--";

  private HostsFile() {}

  /**
   * The content for a pod.
   *
   * @param podIps the pod's addresses; not empty
   * @param nodeHosts the node's own file, which pods in the node's network get
   */
  public static String content(Pod pod, PodHostname name, List<String> podIps, Path nodeHosts) throws ProviderFailure {
    StringBuilder hosts = new StringBuilder();
    if (Boolean.TRUE.equals(pod.getSpec().getHostNetwork())) {
      hosts.append("# Kubernetes-managed hosts file (host network).\n").append(read(nodeHosts));
    } else {
      hosts.append(
          """
          # Kubernetes-managed hosts file.
          127.0.0.1\tlocalhost
          ::1\tlocalhost ip6-localhost ip6-loopback
          fe00::0\tip6-localnet
          fe00::0\tip6-mcastprefix
          fe00::1\tip6-allnodes
          fe00::2\tip6-allrouters
          """);
      for (String ip : podIps) {
        String full = name.domain().isEmpty() ? "" : name.host() + "." + name.domain() + "\t";
        hosts.append(ip).append('\t').append(full).append(name.host()).append('\n');
      }
    }
    if (!pod.getSpec().getHostAliases().isEmpty()) {
      hosts.append("\n# Entries added by HostAliases.\n");
      for (HostAlias alias : pod.getSpec().getHostAliases()) {
        hosts.append(alias.getIp()).append('\t').append(String.join("\t", alias.getHostnames())).append('\n');
      }
    }
    return hosts.toString();
  }

  private static String read(Path nodeHosts) throws ProviderFailure {
    try (InputStream in = Files.newInputStream(nodeHosts)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw ProviderFailure.of(
            ProviderFailure.EXHAUSTED, nodeHosts + " is larger than 1 MiB; pods in the node's network cannot get it");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "the node's hosts file cannot be read: " + failed, failed);
    }
  }

  /**
   * Writes the file into the pod's directory, unless it is there as it should be. What a container changed in the file
   * is given up for the next one, and not under those that see it.
   *
   * @param directory it is there
   * @return the file
   */
  public static Path write(Path directory, String content) throws ProviderFailure {
    Path file = directory.resolve(NAME);
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    try {
      if (Files.isRegularFile(file) && Files.size(file) == bytes.length
          && Arrays.equals(Files.readAllBytes(file), bytes)) {
        return file;
      }
      Path fresh = Files.createTempFile(directory, NAME, ".new");
      Files.write(fresh, bytes);
      // Everybody in the container reads it; the process's umask does not count.
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(MODE));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException failed) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, file + " cannot be written: " + failed, failed);
    }
  }
}
