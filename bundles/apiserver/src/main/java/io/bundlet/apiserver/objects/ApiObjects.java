package io.bundlet.apiserver.objects;

import io.bundlet.api.objects.ConfigMapData;
import io.bundlet.api.objects.ObjectKey;
import io.bundlet.api.objects.SecretData;
import io.bundlet.api.objects.Token;
import io.bundlet.api.objects.TokenRequest;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.apiserver.ApiServer;
import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.call.ServerFailure;
import io.bundlet.kubernetes.ObjectSource;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The objects beside the source {@code api}. */
@Component(service = ObjectSource.class)
public final class ApiObjects implements ObjectSource {
  private static final Logger LOG = LoggerFactory.getLogger(ApiObjects.class);
  /** Far more than a node's pods can use; each costs a connection or a stream of one, and some kilobytes. */
  private static final int MOST_WATCHES = 4000;
  private static final Duration FIRST_LIST = Duration.ofSeconds(5);

  private final Duration firstList;
  private final Requests requests;
  private final TokenRequests tokens;
  private final Map<ObjectKey, WatchedObject> watched = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private boolean stopped;

  /** Asks this server. */
  @Activate
  public ApiObjects(@Reference ApiServer api) {
    this(api, FIRST_LIST);
  }

  /** @param firstList how long whoever reads an object waits for its first list before he asks himself */
  ApiObjects(ApiServer api, Duration firstList) {
    this.firstList = firstList;
    requests = new Requests(api::client);
    tokens = new TokenRequests(requests);
  }

  @Deactivate
  void stop() {
    lock.lock();
    try {
      stopped = true;
      watched.values().forEach(WatchedObject::stop);
      watched.clear();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String name() {
    return "api";
  }

  @Override
  public Optional<ConfigMapData> configMap(String namespace, String name) throws ProviderFailure {
    ObjectKey key = ObjectKey.configMap(namespace, name);
    Optional<Map<String, Object>> tree = read(key);
    return tree.isEmpty() ? Optional.empty() : Optional.of(ObjectReading.configMap(key, tree.get()));
  }

  @Override
  public Optional<SecretData> secret(String namespace, String name) throws ProviderFailure {
    ObjectKey key = ObjectKey.secret(namespace, name);
    Optional<Map<String, Object>> tree = read(key);
    return tree.isEmpty() ? Optional.empty() : Optional.of(ObjectReading.secret(key, tree.get()));
  }

  @Override
  public Token token(TokenRequest request) throws ProviderFailure {
    return tokens.token(request);
  }

  @Override
  public Subscription watch(ObjectKey key, Runnable changed) {
    lock.lock();
    try {
      WatchedObject object = watched.get(key);
      if (object == null) {
        if (stopped || watched.size() >= MOST_WATCHES) {
          LOG.warn("{} is not watched, because {} objects are; changes are seen when it is read again.", key,
              watched.size());
          return () -> {};
        }
        object = new WatchedObject(requests, key);
        watched.put(key, object);
      }
      return object.add(changed, () -> left(key));
    } finally {
      lock.unlock();
    }
  }

  private void left(ObjectKey key) {
    lock.lock();
    try {
      WatchedObject object = watched.get(key);
      if (object != null && object.unused()) {
        watched.remove(key);
        object.stop();
      }
    } finally {
      lock.unlock();
    }
  }

  private Optional<Map<String, Object>> read(ObjectKey key) throws ProviderFailure {
    WatchedObject object = watchedObject(key);
    try {
      Optional<WatchedObject.Heard> fresh = object == null ? Optional.empty() : object.fresh(firstList);
      return fresh.isPresent() ? fresh.get().object() : Optional.of(ask(key));
    } catch (ServerFailure e) {
      return refused(key, object, e);
    } catch (IOException e) {
      return last(key, object, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, key + ": reading it was interrupted", e);
    }
  }

  private Map<String, Object> ask(ObjectKey key) throws IOException, InterruptedException {
    Map<String, Object> tree = requests.get(Paths.one(key));
    if (!Paths.is(key, tree)) {
      throw new IOException("the answer is another object");
    }
    return tree;
  }

  private WatchedObject watchedObject(ObjectKey key) {
    lock.lock();
    try {
      return watched.get(key);
    } finally {
      lock.unlock();
    }
  }

  private static Optional<Map<String, Object>> refused(ObjectKey key, WatchedObject object, ServerFailure e)
      throws ProviderFailure {
    if (e.absent()) {
      return Optional.empty();
    }
    if (e.code() == 403) {
      throw ProviderFailure.of(ProviderFailure.DENIED, key + ": the API server does not let the node read it: "
          + e.getMessage(), e);
    }
    return last(key, object, e);
  }

  /** What was heard before the server went away is better than a container that cannot be made again. */
  private static Optional<Map<String, Object>> last(ObjectKey key, WatchedObject object, IOException e)
      throws ProviderFailure {
    Optional<WatchedObject.Heard> last = object == null ? Optional.empty() : object.last();
    if (last.isPresent() && last.get().object().isPresent()) {
      LOG.info("{} is used as it was heard of last, because the API server cannot be asked: {}", key, e.getMessage());
      return last.get().object();
    }
    throw ProviderFailure.of(
        ProviderFailure.UNAVAILABLE, key + ": the API server cannot be asked for it now: " + e.getMessage(), e);
  }
}
