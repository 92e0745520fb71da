package io.bundlet.core.identity;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the node is told about names.
 *
 * @param clusterDns addresses of the cluster's name servers; empty: there is no cluster
 * @param clusterDomain the domain of the cluster's services, such as {@code cluster.local}; may be empty
 * @param resolvConf the file from which the node looks names up; empty: pods do not look up the node's names
 * @param hosts the node's own hosts file
 */
public record NameSettings(
    List<String> clusterDns, String clusterDomain, Optional<Path> resolvConf, Path hosts) {
  private static final Path HOSTS = Path.of("/etc/hosts");

  public NameSettings {
    clusterDns = List.copyOf(clusterDns);
  }

  /** Settings as in the configuration, where lists may also be written with commas and an empty path is none. */
  public static NameSettings of(String[] clusterDns, String clusterDomain, String resolvConf) {
    return new NameSettings(
        words(clusterDns), clusterDomain.strip().replaceAll("^\\.+|\\.+$", ""),
        resolvConf.isBlank() ? Optional.empty() : Optional.of(Path.of(resolvConf.strip())), HOSTS);
  }

  /** The words of a list in the configuration, which may be one text with commas. */
  static List<String> words(String... written) {
    return List.of(String.join(",", written).split(",")).stream().map(String::strip).filter(word -> !word.isEmpty())
        .toList();
  }
}
