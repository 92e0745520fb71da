package io.bundlet.core.image;

import io.bundlet.api.image.RegistryCredentials;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Credentials by the registries, or parts of registries, that they are for. Found as by the Kubernetes kubelet: a key
 * fits an image if its host does, part by part between the dots, each perhaps with wildcards, its port is the same, and
 * its path is how the image's begins. Of several that fit the longer counts before the shorter.
 */
public final class Keyring {
  private static final String DEFAULT_KEY = "index.docker.io";

  private final Map<String, List<RegistryCredentials>> byKey = new TreeMap<>(Comparator.reverseOrder());

  /** Adds what a docker file says, behind what is there. */
  Keyring add(Map<String, RegistryCredentials> registries) {
    registries.forEach(
        (registry, credentials) -> byKey.computeIfAbsent(key(registry), none -> new ArrayList<>()).add(credentials));
    return this;
  }

  /** Host and path, without what else addresses of registries may have. */
  private static String key(String registry) {
    String address = registry.replaceFirst("^https?://", "");
    int slash = address.indexOf('/');
    String host = slash < 0 ? address : address.substring(0, slash);
    String path = slash < 0 ? "" : address.substring(slash);
    if (path.startsWith("/v1/") || path.startsWith("/v2/")) {
      path = path.substring(3);
    }
    return host.substring(host.lastIndexOf('@') + 1) + (path.equals("/") ? "" : path);
  }

  /** What may be tried for an image, in this order; empty: it is pulled as anybody. */
  List<RegistryCredentials> of(String reference) {
    ImageName image = ImageName.of(reference);
    List<RegistryCredentials> found = new ArrayList<>();
    byKey.forEach(
        (key, credentials) -> {
          if (fits(key, image)) {
            found.addAll(credentials);
          }
        });
    if (found.isEmpty() && image.registry().equals(ImageName.DEFAULT_REGISTRY)) {
      found.addAll(byKey.getOrDefault(DEFAULT_KEY, List.of()));
    }
    return found;
  }

  private static boolean fits(String key, ImageName image) {
    int slash = key.indexOf('/');
    String host = slash < 0 ? key : key.substring(0, slash);
    String path = slash < 0 ? "" : key.substring(slash);
    String[] parts = name(host).split("\\.", -1);
    String[] wanted = name(image.registry()).split("\\.", -1);
    if (!port(host).equals(port(image.registry())) || parts.length != wanted.length
        || !("/" + image.path()).startsWith(path)) {
      return false;
    }
    for (int i = 0; i < parts.length; i++) {
      if (!parts[i].equals(wanted[i]) && !new HostGlob(parts[i]).matches(wanted[i])) {
        return false;
      }
    }
    return true;
  }

  private static String name(String host) {
    return host.substring(0, host.length() - port(host).length());
  }

  /** With its colon; empty when there is none. Colons within brackets are those of an address. */
  private static String port(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(colon) : "";
  }

  /** Says nothing of what it holds. */
  @Override
  public String toString() {
    return "credentials of " + byKey.size() + " registries";
  }
}
