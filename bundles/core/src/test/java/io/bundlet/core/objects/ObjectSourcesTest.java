package io.bundlet.core.objects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bundlet.api.objects.ConfigMapData;
import io.bundlet.api.objects.ObjectKey;
import io.bundlet.api.objects.Objects;
import io.bundlet.api.objects.SecretData;
import io.bundlet.api.objects.Token;
import io.bundlet.api.objects.TokenRequest;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.kubernetes.ObjectSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ObjectSourcesTest {
  private final ObjectSources sources = new ObjectSources();
  private final AtomicInteger heard = new AtomicInteger();

  @Test
  void withoutItsSourceAnObjectIsNotKnown() {
    ProviderFailure failure =
        assertThrows(ProviderFailure.class, () -> sources.of("api").configMap("default", "settings"));
    assertEquals(ProviderFailure.UNAVAILABLE, failure.kind());
  }

  @Test
  void objectsAreReadFromTheSourceOfTheirName() throws Exception {
    sources.bind(new Source("manifests", "1"));
    sources.bind(new Source("api", "2"));
    assertEquals("2", sources.of("api").configMap("default", "settings").orElseThrow().version());
  }

  @Test
  void aWatchOutlivesItsSource() {
    Objects objects = sources.of("api");
    Source first = new Source("api", "1");
    Subscription watch = objects.watch(ObjectKey.configMap("default", "settings"), heard::incrementAndGet);
    assertEquals(0, heard.get());
    sources.bind(first);
    assertEquals(1, heard.get(), "what changed before the source came is told as one change");
    first.change();
    assertEquals(2, heard.get());
    sources.unbind(first);
    first.change();
    assertEquals(2, heard.get());
    Source second = new Source("api", "2");
    sources.bind(second);
    second.change();
    assertEquals(4, heard.get());
    watch.close();
    second.change();
    assertEquals(4, heard.get());
    assertEquals(0, second.watching.size());
    assertEquals(0, first.watching.size());
  }

  @Test
  void aSourceThatIsReplacedIsHeardNoMore() {
    Source first = new Source("api", "1");
    Source second = new Source("api", "2");
    sources.bind(first);
    sources.of("api").watch(ObjectKey.secret("default", "key"), heard::incrementAndGet);
    sources.bind(second);
    sources.unbind(first);
    int before = heard.get();
    first.change();
    assertEquals(before, heard.get());
    second.change();
    assertEquals(before + 1, heard.get());
  }

  private record Source(String name, String version, List<Runnable> watching) implements ObjectSource {
    Source(String name, String version) {
      this(name, version, new CopyOnWriteArrayList<>());
    }

    void change() {
      watching.forEach(Runnable::run);
    }

    @Override
    public Optional<ConfigMapData> configMap(String namespace, String name) {
      return Optional.of(new ConfigMapData(ObjectKey.configMap(namespace, name), version, Map.of(), Map.of(), false));
    }

    @Override
    public Optional<SecretData> secret(String namespace, String name) {
      return Optional.empty();
    }

    @Override
    public Token token(TokenRequest request) throws ProviderFailure {
      throw ProviderFailure.of(ProviderFailure.UNSUPPORTED, "no accounts");
    }

    @Override
    public Subscription watch(ObjectKey key, Runnable changed) {
      Runnable own = changed::run;
      watching.add(own);
      return () -> watching.remove(own);
    }
  }
}
