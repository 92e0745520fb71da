package io.bundlet.manifests;

import io.bundlet.api.admin.Problem;
import io.bundlet.api.objects.ConfigMapData;
import io.bundlet.api.objects.ObjectKey;
import io.bundlet.api.objects.SecretData;
import io.bundlet.api.objects.Token;
import io.bundlet.api.objects.TokenRequest;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.kubernetes.ObjectSource;
import io.bundlet.kubernetes.PodSource;
import io.bundlet.kubernetes.PodSourceListener;
import io.bundlet.manifests.folder.FolderWatch;
import io.bundlet.manifests.folder.ManifestFolder;
import io.bundlet.manifests.folder.ManifestFolder.Settings;
import io.bundlet.manifests.folder.ManifestFolder.Wishes;
import io.bundlet.manifests.objects.KnownObjects;
import io.bundlet.manifests.objects.ManifestObject;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source {@code manifests} of pods and objects. One thread of its own reads, and is the only one that calls
 * listeners.
 */
@Component(service = {PodSource.class, ObjectSource.class}, immediate = true, configurationPid = "io.bundlet.manifests",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Manifests.Config.class)
public final class Manifests implements PodSource, ObjectSource {
  private static final Logger LOG = LoggerFactory.getLogger(Manifests.class);
  /** Not everything is told by the system: not what is behind a link, nor what another machine writes. */
  private static final long LOOK_EVERY_MILLIS = 10_000;
  private static final long LOOK_UNTOLD_MILLIS = 1000;
  private static final long LOOK_AGAIN_MILLIS = 100;

  /** Settings. */
  @ObjectClassDefinition(name = "Manifests", description = "Pods from YAML files.")
  public @interface Config {
    /** Files and directories; relative ones are taken from the working directory. */
    @AttributeDefinition(description = "Files and directories of manifests.")
    String[] paths() default {};

    /** Goes into the pods' uids; empty: the node's name does. */
    @AttributeDefinition(description = "Identity of the node; goes into the uids of the pods.")
    String node_id() default "";

    /** Becomes spec.nodeName. */
    @AttributeDefinition(description = "Name of the node.")
    String node_name() default "";

    /** Whether the node's name is appended to the pods' names. */
    @AttributeDefinition(description =
        "Append -NODENAME to the names of the pods, as a kubelet with an API server does.")
    boolean name_suffix() default false;
  }

  /** What was told last; the identity of the lists says whether it is still what is known. */
  private record Told(List<String> pods, List<Problem> problems) {}

  private static final Told NOTHING = new Told(null, null);

  private final Map<PodSourceListener, Told> listeners = new ConcurrentHashMap<>();
  private final KnownObjects objects = new KnownObjects();
  private final Thread reader;
  private volatile Settings settings;
  private volatile FolderWatch watch;
  private volatile boolean stopped;

  /** Starts reading; returns at once. */
  @Activate
  public Manifests(Config config) {
    settings = settings(config);
    reader = Thread.ofVirtual().name("manifests").start(this::run);
  }

  @Modified
  void modified(Config config) {
    settings = settings(config);
    wake();
  }

  @Deactivate
  void stop() {
    stopped = true;
    wake();
    try {
      reader.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Settings settings(Config config) {
    String name = config.node_name();
    return new Settings(Arrays.stream(config.paths()).filter(path -> !path.isBlank())
        .map(path -> Path.of(path).toAbsolutePath().normalize()).distinct().toList(),
        config.node_id().isEmpty() ? name : config.node_id(), name, config.name_suffix() && !name.isEmpty());
  }

  @Override
  public String name() {
    return "manifests";
  }

  @Override
  public Subscription subscribe(PodSourceListener listener) {
    listeners.put(listener, NOTHING);
    wake();
    return () -> listeners.remove(listener);
  }

  @Override
  public Optional<ConfigMapData> configMap(String namespace, String name) throws ProviderFailure {
    return objects.find(ObjectKey.configMap(namespace, name)).flatMap(ManifestObject::configMap);
  }

  @Override
  public Optional<SecretData> secret(String namespace, String name) throws ProviderFailure {
    return objects.find(ObjectKey.secret(namespace, name)).flatMap(ManifestObject::secret);
  }

  @Override
  public Token token(TokenRequest request) throws ProviderFailure {
    throw ProviderFailure.of(
        ProviderFailure.UNSUPPORTED,
        "there are no service accounts without an API server, so that pods of manifests get no tokens; remove "
            + "serviceAccountToken");
  }

  @Override
  public Subscription watch(ObjectKey key, Runnable changed) {
    return objects.watch(key, changed);
  }

  private void wake() {
    FolderWatch current = watch;
    if (current != null) {
      current.wake();
    }
  }

  private void run() {
    try (FolderWatch opened = new FolderWatch()) {
      watch = opened;
      Settings used = null;
      ManifestFolder folder = null;
      boolean settled = true;
      while (!stopped) {
        if (used != settings) {
          used = settings;
          folder = new ManifestFolder(used);
          settled = true;
        }
        Wishes wishes = folder.scan(settled);
        opened.watch(wishes.directories(), Set.copyOf(used.paths()));
        // before the pods, which may refer to them
        objects.update(wishes.objects());
        tell(wishes);
        long usual = opened.hears() ? LOOK_EVERY_MILLIS : LOOK_UNTOLD_MILLIS;
        settled = opened.await(wishes.unsettled() ? LOOK_AGAIN_MILLIS : usual);
      }
    } catch (InterruptedException e) {
      LOG.info("Reading manifests was interrupted; it ends.");
    } catch (RuntimeException | Error e) {
      LOG.error("Reading manifests failed; changes are not seen any more until the bundle is started again.", e);
      throw e;
    }
  }

  private void tell(Wishes wishes) {
    List<String> uids = wishes.pods().stream().map(Manifests::version).toList();
    for (PodSourceListener listener : listeners.keySet()) {
      Told before = listeners.get(listener);
      Told now = new Told(uids, wishes.problems());
      // removed meanwhile, or heard all of this already
      if (before == null || before.equals(now) || !listeners.replace(listener, before, now)) {
        continue;
      }
      try {
        call(listener, before, wishes.pods(), now);
      } catch (RuntimeException e) {
        LOG.error("A listener of the manifests failed; it hears of the next change.", e);
      }
    }
  }

  /** What is another one whenever the pod is: its resources may change without its uid. */
  private static String version(Pod pod) {
    return pod.getMetadata().getUid() + pod.getSpec().getContainers().stream().map(Container::getResources).toList();
  }

  private static void call(PodSourceListener listener, Told before, List<Pod> pods, Told now) {
    if (!now.problems().equals(before.problems())) {
      listener.problems(now.problems());
    }
    if (!now.pods().equals(before.pods())) {
      listener.wanted(pods);
    }
  }
}
