package io.bundlet.core.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.objects.ConfigMapData;
import io.bundlet.api.objects.ObjectKey;
import io.bundlet.api.objects.Objects;
import io.bundlet.api.objects.SecretData;
import io.bundlet.api.objects.Token;
import io.bundlet.api.objects.TokenRequest;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.api.volume.Mounted;
import io.bundlet.api.volume.VolumeAbilities;
import io.bundlet.api.volume.VolumeDriver;
import io.bundlet.api.volume.VolumePlace;
import io.bundlet.api.volume.VolumeRequest;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import io.bundlet.kubernetes.ObjectSource;
import io.bundlet.linux.Mounts;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes that are made from objects, and parts of volumes. */
class VolumeContentTest {
  @TempDir Path data;
  private final ManualTime time = new ManualTime();
  private final ScriptedProvider provider = new ScriptedProvider(time);
  private final Source source = new Source();
  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(data, time);
    node.objects.bind(source);
    node.bind(provider);
    node.volumes.bind(
        new OneFile(), Map.of(VolumeDriver.KIND, "configMap", VolumeDriver.PLUGIN, "kubernetes.io/configmap"));
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
    Mounts.unmountAll(data);
  }

  private static Pod pod(VolumeMount... mounts) {
    Pod pod = TestNode.pod("web", "u1", "Always", "a");
    pod.getSpec().setVolumes(
        List.of(new VolumeBuilder().withName("v").withNewConfigMap().withName("settings").endConfigMap().build()));
    pod.getSpec().getContainers().getFirst().setVolumeMounts(List.of(mounts));
    return pod;
  }

  private static VolumeMountBuilder mount(String at) {
    return new VolumeMountBuilder().withName("v").withMountPath(at);
  }

  private Path volume() {
    return data.resolve("pods/u1/volumes/kubernetes.io~configmap/v");
  }

  private static boolean running(ContainerView container) {
    return container.state().equals("Running");
  }

  private void running(Pod pod) {
    source.put("settings", "1");
    node.want(pod);
    node.awaitContainer("web", "a", VolumeContentTest::running);
  }

  @Test
  void aPodWaitsForItsObjectAndStartsAtOnceWhenItComes() {
    node.want(pod(mount("/v").build()));
    PodView waiting = node.await("web", view -> view.reason().equals("FailedMount"));
    assertTrue(waiting.message().contains("settings"), waiting.message());
    // the clock stands still: only the object's coming can end the wait
    source.put("settings", "1");
    node.awaitContainer("web", "a", VolumeContentTest::running);
    assertEquals(new Mount("/v", volume(), true), mounts().getFirst());
  }

  @Test
  void whatChangesWhileAnotherVolumeIsMissingIsThereAtTheStart() {
    Pod pod = pod(mount("/v").build());
    pod.getSpec().setVolumes(List.of(
        pod.getSpec().getVolumes().getFirst(),
        new VolumeBuilder().withName("w").withNewConfigMap().withName("later").endConfigMap().build()));
    pod.getSpec().getContainers().getFirst().setVolumeMounts(
        List.of(mount("/v").build(), new VolumeMountBuilder().withName("w").withMountPath("/w").build()));
    source.put("settings", "1");
    node.want(pod);
    node.await("web", view -> view.message().contains("later"));
    assertEquals("1", content());
    source.put("settings", "2");
    source.put("later", "1");
    // the clock stands still: nothing is mounted again by and by
    node.awaitContainer("web", "a", VolumeContentTest::running);
    assertEquals("2", content());
  }

  @Test
  void whatChangesIsFollowedWithoutARestart() throws Exception {
    running(pod(mount("/v").build()));
    assertEquals("1", Files.readString(volume().resolve("file")));
    source.put("settings", "2");
    node.await(() -> content().equals("2"));
    assertEquals(0, provider.count("stop:"));
    assertEquals(1, provider.count("create:"));
  }

  @Test
  void volumesAreLookedAtNowAndThen() {
    running(pod(mount("/v").build()));
    source.silent("settings", "2");
    time.advance(Duration.ofSeconds(59));
    node.providers.listAgain();
    assertEquals("1", content());
    time.advance(Duration.ofSeconds(8));
    node.await(() -> content().equals("2"));
  }

  @Test
  void anObjectThatGoesLeavesWhatWasThere() {
    running(pod(mount("/v").build()));
    source.remove("settings");
    node.await("web", view -> view.message().contains("settings"));
    assertEquals("1", content());
    assertTrue(running(node.view("web").orElseThrow().containers().getFirst()));
    source.put("settings", "3");
    node.await(() -> content().equals("3"));
    node.await("web", view -> view.message().isEmpty());
  }

  @Test
  void aPartOfAVolumeIsMountedAndNotFollowed() throws Exception {
    assumeTrue(root(), "mounting needs root");
    running(pod(mount("/etc/file").withSubPath("file").build(), mount("/d").withSubPath("new/deep").build()));
    List<Mount> mounts = mounts();
    Path file = data.resolve("pods/u1/volume-subpaths/v/a/0");
    assertEquals(new Mount("/etc/file", file, true), mounts.get(0));
    assertEquals("1", Files.readString(file));
    assertTrue(Files.isDirectory(volume().resolve("new/deep")), "what is missing is made");
    assertTrue(Files.isDirectory(mounts.get(1).hostPath()));
    source.put("settings", "2");
    node.await(() -> content().equals("2"));
    assertEquals("1", Files.readString(file));
    assertEquals(2, Mounts.below(data).size());
    node.want();
    node.await(() -> node.view("web").isEmpty());
    assertEquals(List.of(), Mounts.below(data));
    assertFalse(Files.exists(data.resolve("pods/u1")));
  }

  @Test
  void aNewContainerIsShownTheNewPart() throws Exception {
    assumeTrue(root(), "mounting needs root");
    running(pod(mount("/etc/file").withSubPath("file").build()));
    source.put("settings", "2");
    node.await(() -> content().equals("2"));
    provider.exit(provider.only("a"), 1);
    node.awaitContainer("web", "a", container -> container.restartCount() == 1 && running(container));
    assertEquals("2", Files.readString(data.resolve("pods/u1/volume-subpaths/v/a/0")));
    assertEquals(1, Mounts.below(data).size());
  }

  @Test
  void aPartWhosePathIsMadeOfVariables() throws Exception {
    assumeTrue(root(), "mounting needs root");
    Pod pod = pod(mount("/d").withSubPathExpr("$(NAME)/logs").build());
    pod.getSpec().getContainers().getFirst().setEnv(
        List.of(new io.fabric8.kubernetes.api.model.EnvVar("NAME", "one", null)));
    running(pod);
    assertTrue(Files.isDirectory(volume().resolve("one/logs")));
  }

  @Test
  void aPartThatLeadsOutIsNotMounted() throws Exception {
    Files.createDirectories(data.resolve("outside"));
    source.put("settings", "1");
    Files.createDirectories(volume());
    Files.createSymbolicLink(volume().resolve("link"), data.resolve("outside"));
    node.want(pod(mount("/d").withSubPath("link").build()));
    ContainerView waiting =
        node.awaitContainer("web", "a", container -> container.reason().equals("CreateContainerConfigError"));
    assertTrue(waiting.message().contains("leads out of the volume"), waiting.message());
    assertEquals(0, provider.count("create:"));
  }

  @Test
  void whatAnEarlierLifeHasMountedIsTakenAway() throws Exception {
    assumeTrue(root(), "mounting needs root");
    running(pod(mount("/etc/file").withSubPath("file").build()));
    assertEquals(1, Mounts.below(data).size());
    node.close();
    node = new TestNode(data, time);
    node.objects.bind(source);
    node.volumes.bind(
        new OneFile(), Map.of(VolumeDriver.KIND, "configMap", VolumeDriver.PLUGIN, "kubernetes.io/configmap"));
    node.bind(provider);
    node.want();
    node.await(() -> node.view("web").isEmpty() && !Files.exists(data.resolve("pods/u1")));
    assertEquals(List.of(), Mounts.below(data));
  }

  private List<Mount> mounts() {
    return provider.containerConfigs.get(provider.only("a").value()).mounts();
  }

  private String content() {
    try {
      return Files.readString(volume().resolve("file"));
    } catch (IOException beingExchanged) {
      return "";
    }
  }

  private static boolean root() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  /** A driver whose volumes are one file with the version of the config map. */
  private static final class OneFile implements VolumeDriver {
    @Override
    public VolumeAbilities abilities() {
      return new VolumeAbilities(true);
    }

    @Override
    public Mounted mount(VolumeRequest request, Objects objects) throws ProviderFailure {
      String name = String.valueOf(request.source().get("name"));
      ConfigMapData map = objects.configMap("default", name).orElseThrow(
          () -> ProviderFailure.of(ProviderFailure.NOT_FOUND, "configmap \"" + name + "\" not found"));
      Path directory = request.place().directory();
      try {
        Files.createDirectories(directory);
        // a new file each time: what is mounted of the old one stays as it was
        Path next = Files.writeString(directory.resolve("next"), map.version());
        Files.move(next, directory.resolve("file"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException failed) {
        throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, failed.toString(), failed);
      }
      return new Mounted(request.volume(), directory, true);
    }

    @Override
    public void unmount(VolumePlace place) throws ProviderFailure {
      try {
        io.bundlet.linux.Removal.tree(place.directory());
      } catch (IOException failed) {
        throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, failed.toString(), failed);
      }
    }
  }

  private static final class Source implements ObjectSource {
    private final Map<String, String> versions = new ConcurrentHashMap<>();
    private final List<Runnable> watching = new CopyOnWriteArrayList<>();

    void put(String name, String version) {
      silent(name, version);
      watching.forEach(Runnable::run);
    }

    void silent(String name, String version) {
      versions.put(name, version);
    }

    void remove(String name) {
      versions.remove(name);
      watching.forEach(Runnable::run);
    }

    @Override
    public String name() {
      return "test";
    }

    @Override
    public Optional<ConfigMapData> configMap(String namespace, String name) {
      return Optional.ofNullable(versions.get(name)).map(
          version -> new ConfigMapData(ObjectKey.configMap(namespace, name), version, Map.of(), Map.of(), false));
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
