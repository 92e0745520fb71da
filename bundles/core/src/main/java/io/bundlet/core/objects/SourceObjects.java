package io.bundlet.core.objects;

import io.bundlet.api.objects.ConfigMapData;
import io.bundlet.api.objects.ObjectKey;
import io.bundlet.api.objects.Objects;
import io.bundlet.api.objects.SecretData;
import io.bundlet.api.objects.Token;
import io.bundlet.api.objects.TokenRequest;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.kubernetes.ObjectSource;
import java.util.Optional;

/** The objects of one source, which is looked up for every call. */
record SourceObjects(String name, ObjectSources sources) implements Objects {
  @Override
  public Optional<ConfigMapData> configMap(String namespace, String name) throws ProviderFailure {
    return source("config map " + namespace + "/" + name).configMap(namespace, name);
  }

  @Override
  public Optional<SecretData> secret(String namespace, String name) throws ProviderFailure {
    return source("secret " + namespace + "/" + name).secret(namespace, name);
  }

  @Override
  public Token token(TokenRequest request) throws ProviderFailure {
    return source("a token of service account " + request.pod().namespace() + "/" + request.serviceAccount())
        .token(request);
  }

  @Override
  public Subscription watch(ObjectKey key, Runnable changed) {
    return sources.watch(new Watch(name, key, changed));
  }

  private ObjectSource source(String what) throws ProviderFailure {
    return sources.source(name).orElseThrow(
        () -> ProviderFailure.of(
            ProviderFailure.UNAVAILABLE,
            what + " cannot be read: the source \"" + name
            + "\" that the pod came from offers no objects now; start its "
                + "bundle"));
  }
}
