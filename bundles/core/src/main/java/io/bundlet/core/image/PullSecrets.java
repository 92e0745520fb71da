package io.bundlet.core.image;

import io.bundlet.api.image.RegistryCredentials;
import io.bundlet.api.objects.Objects;
import io.bundlet.api.objects.SecretData;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.event.EventSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The secrets with which a pod's images are pulled, read each time that one is. */
public final class PullSecrets {
  private static final String CONFIG_JSON_TYPE = "kubernetes.io/dockerconfigjson";
  private static final String CONFIG_JSON_KEY = ".dockerconfigjson";
  private static final String DOCKERCFG_TYPE = "kubernetes.io/dockercfg";
  private static final String DOCKERCFG_KEY = ".dockercfg";

  private final Objects objects;
  private final EventSink events;

  /** @param objects those of the pod's source @param events takes what cannot be had */
  public PullSecrets(Objects objects, EventSink events) {
    this.objects = objects;
    this.events = events;
  }

  /**
   * As whom an image may be asked for, in the order in which it is tried: first what these secrets say, then what the
   * node says. Secrets that are not there are told and left out, as by the Kubernetes kubelet. May block.
   *
   * @throws ProviderFailure {@link ProviderFailure#INVALID} when a secret of such a type cannot be read
   */
  public List<RegistryCredentials> credentials(
      String image, String namespace, List<String> secrets, NodeCredentials node) throws ProviderFailure {
    Keyring keyring = new Keyring();
    List<String> missing = new ArrayList<>();
    for (String name : secrets) {
      Optional<SecretData> secret = secret(namespace, name, missing);
      if (secret.isPresent()) {
        keyring.add(registries(secret.get(), namespace + "/" + name));
      }
    }
    if (!missing.isEmpty()) {
      events.event(
          "", EventSink.WARNING, "FailedToRetrieveImagePullSecret",
          "image pull secrets cannot be had, and pulls go on without them: " + String.join("; ", missing));
    }
    List<RegistryCredentials> all = new ArrayList<>(keyring.of(image));
    all.addAll(node.now().of(image));
    return all.stream().distinct().toList();
  }

  private Optional<SecretData> secret(String namespace, String name, List<String> missing) {
    try {
      Optional<SecretData> found = objects.secret(namespace, name);
      if (found.isEmpty()) {
        missing.add("there is no secret \"" + name + "\"");
      }
      return found;
    } catch (ProviderFailure unread) {
      missing.add(unread.getMessage());
      return Optional.empty();
    }
  }

  /** A secret of another type holds none, as for the Kubernetes kubelet. */
  private static Map<String, RegistryCredentials> registries(SecretData secret, String name) throws ProviderFailure {
    try {
      byte[] json = secret.data().get(CONFIG_JSON_KEY);
      if (secret.type().equals(CONFIG_JSON_TYPE) && json != null && json.length > 0) {
        return DockerConfig.ofConfigJson(json);
      }
      byte[] old = secret.data().get(DOCKERCFG_KEY);
      if (secret.type().equals(DOCKERCFG_TYPE) && old != null && old.length > 0) {
        return DockerConfig.ofDockercfg(old);
      }
      return Map.of();
    } catch (DockerConfig.Unreadable wrong) {
      throw ProviderFailure.of(
          ProviderFailure.INVALID,
          "spec.imagePullSecrets: the content of secret \"" + name + "\" " + wrong.getMessage() + "; make it anew, as"
              + " with kubectl create secret docker-registry");
    }
  }
}
