package io.bundlet.volumes.written;

import static io.bundlet.volumes.fake.TestVolume.mode;
import static io.bundlet.volumes.fake.TestVolume.owner;
import static io.bundlet.volumes.fake.TestVolume.place;
import static io.bundlet.volumes.fake.TestVolume.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.ContainerFacts;
import io.bundlet.api.volume.Mounted;
import io.bundlet.api.volume.PodFacts;
import io.bundlet.api.volume.VolumeDriver;
import io.bundlet.api.volume.VolumeRequest;
import io.bundlet.linux.Mounts;
import io.bundlet.volumes.configmap.ConfigMapDriver;
import io.bundlet.volumes.downward.DownwardDriver;
import io.bundlet.volumes.fake.FakeObjects;
import io.bundlet.volumes.fake.TestVolume;
import io.bundlet.volumes.projected.ProjectedDriver;
import io.bundlet.volumes.secret.SecretDriver;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrittenVolumesTest {
  @TempDir Path data;
  private final FakeObjects objects = new FakeObjects();
  private final VolumeDriver configMap = new ConfigMapDriver();
  private final VolumeDriver secret = new SecretDriver();
  private final VolumeDriver downward = new DownwardDriver();
  private final VolumeDriver projected = new ProjectedDriver();

  @AfterEach
  void nothingStaysMounted() throws IOException {
    Mounts.unmountAll(data);
  }

  private String file(String name) throws IOException {
    return Files.readString(place(data).directory().resolve(name));
  }

  private ProviderFailure failure(VolumeDriver driver, Map<String, Object> source) {
    ProviderFailure failure =
        assertThrows(ProviderFailure.class, () -> driver.mount(request(data, source).build(), objects));
    assertTrue(failure.getMessage().startsWith("volume \"v\": "), failure.getMessage());
    return failure;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aConfigMapIsAllItsKeysTextsAndOthers() throws Exception {
    objects.configMaps.put("default/settings", Map.of("colour", "red"));
    objects.binary.put("default/settings", Map.of("logo", new byte[] {0, -1}));
    Mounted mounted = configMap.mount(request(data, Map.of("name", "settings")).build(), objects);
    assertEquals(place(data).directory(), mounted.hostPath());
    assertTrue(mounted.readOnly());
    assertTrue(configMap.abilities().refresh());
    assertEquals("red", file("colour"));
    assertEquals(2, Files.size(mounted.hostPath().resolve("logo")));
    assertEquals(0644, mode(mounted.hostPath().resolve("colour")));
    assertFalse(Mounts.mountedAt(mounted.hostPath()), "config maps are on disk");
    objects.configMaps.put("default/settings", Map.of("colour", "blue"));
    configMap.mount(request(data, Map.of("name", "settings")).build(), objects);
    assertEquals("blue", file("colour"));
    configMap.unmount(place(data));
    configMap.unmount(place(data));
    assertFalse(Files.exists(place(data).directory()));
  }

  @Test
  void itemsChooseKeysAndModes() throws Exception {
    objects.configMaps.put("default/settings", Map.of("a", "1", "b", "2", "c", "3"));
    Map<String, Object> source =
        Map.of(
            "name", "settings", "defaultMode", 0400,
            "items", List.of(Map.of("key", "a", "path", "sub/dir/a.txt"), Map.of("key", "b", "path", "b", "mode",
                0755)));
    configMap.mount(request(data, source).build(), objects);
    assertEquals("1", file("sub/dir/a.txt"));
    assertEquals(0400, mode(place(data).directory().resolve("sub/dir/a.txt")));
    assertEquals(0755, mode(place(data).directory().resolve("b")));
    assertFalse(Files.exists(place(data).directory().resolve("c")));
  }

  @Test
  void whatIsMissingIsNamedUnlessItIsOptional() throws Exception {
    ProviderFailure absent = failure(configMap, Map.of("name", "none"));
    assertEquals(ProviderFailure.NOT_FOUND, absent.kind());
    assertTrue(absent.getMessage().contains("configMap.name: configmap \"none\" not found"), absent.getMessage());
    assertFalse(Files.exists(place(data).directory()), "nothing is made for what cannot be mounted");
    objects.secrets.put("default/key", Map.of("a", bytes("1")));
    Map<String, Object> items = Map.of("secretName", "key", "items", List.of(Map.of("key", "b", "path", "b")));
    ProviderFailure key = failure(secret, items);
    assertEquals(ProviderFailure.NOT_FOUND, key.kind());
    assertTrue(key.getMessage().contains("secret.items[0].key: secret \"key\" has no key \"b\""), key.getMessage());
    configMap.mount(request(data, Map.of("name", "none", "optional", true)).build(), objects);
    try (var all = Files.list(place(data).directory())) {
      assertTrue(all.allMatch(path -> path.getFileName().toString().startsWith("..")));
    }
  }

  @Test
  void whatIsWrongIsNamedByItsField() {
    objects.configMaps.put("default/settings", Map.of("a", "1"));
    assertEquals(ProviderFailure.INVALID, failure(configMap, Map.of()).kind());
    Map<String, Object> up = Map.of("name", "settings", "items", List.of(Map.of("key", "a", "path", "../a")));
    ProviderFailure climbing = failure(configMap, up);
    assertTrue(climbing.getMessage().contains("configMap.items[0].path"), climbing.getMessage());
    assertEquals(ProviderFailure.INVALID, climbing.kind());
    assertTrue(failure(configMap, Map.of("name", "settings", "defaultMode",
        01777)).getMessage().contains("defaultMode"));
    assertTrue(failure(configMap, Map.of("name", "settings", "items", "a")).getMessage().contains("items"));
    objects.configMaps.put("default/hostile", Map.of("../../etc/passwd", "1"));
    assertEquals(ProviderFailure.INVALID, failure(configMap, Map.of("name", "hostile")).kind());
  }

  @Test
  void aSecretIsInMemoryAndGoesWithoutATrace() throws Exception {
    assumeTrue(TestVolume.root(), "mounting needs root");
    objects.secrets.put("default/key", Map.of("a", bytes("1")));
    VolumeRequest request = request(data, Map.of("secretName", "key")).build();
    secret.mount(request, objects);
    secret.mount(request, objects);
    assertEquals(1, Mounts.below(data).size(), "it is mounted once");
    assertEquals("tmpfs", Files.getFileStore(place(data).directory()).type());
    secret.unmount(place(data));
    secret.unmount(place(data));
    assertEquals(List.of(), Mounts.below(data));
    assertFalse(Files.exists(place(data).directory()));
  }

  @Test
  void theGroupMayReadAndTheTokenIsTheUsers() throws Exception {
    assumeTrue(TestVolume.root(), "giving files away needs root");
    objects.secrets.put("default/key", Map.of("a", bytes("1")));
    Map<String, Object> source =
        Map.of("sources", List.of(
            Map.of("secret", Map.of("name", "key")), Map.of("serviceAccountToken", Map.of("path", "token"))));
    projected.mount(
        request(data, source).fsGroup(OptionalLong.of(4242)).runAsUser(OptionalLong.of(1234)).build(), objects);
    Path root = place(data).directory();
    assertEquals(02777, mode(root));
    assertEquals(4242, owner(root, "gid"));
    assertEquals(0644, mode(root.resolve("a")));
    assertEquals(4242, owner(root.resolve("..data/a"), "gid"));
    assertEquals(0640, mode(root.resolve("token")));
    assertEquals(1234, owner(root.resolve("..data/token"), "uid"));
  }

  @Test
  void aTokenOfAUserAloneIsForNobodyElse() throws Exception {
    assumeTrue(TestVolume.root(), "giving files away needs root");
    Map<String, Object> source = Map.of("sources", List.of(Map.of("serviceAccountToken", Map.of("path", "token"))));
    projected.mount(request(data, source).runAsUser(OptionalLong.of(1234)).build(), objects);
    assertEquals(0600, mode(place(data).directory().resolve("token")));
    assertEquals("default", objects.asked.getFirst().serviceAccount());
    assertEquals(3600, objects.asked.getFirst().expirationSeconds());
  }

  @Test
  void factsAboutThePodAreFiles() throws Exception {
    PodFacts facts =
        new PodFacts(
            "", Map.of("b", "2", "a", "1"), Map.of("note", "say \"hi\"\n\u0007ü\u00a0"),
            Map.of("main", new ContainerFacts(
                Map.of("cpu", new BigDecimal("0.25")),
                Map.of("cpu", new BigDecimal("1.5"), "memory", new BigDecimal("67108865")))));
    Map<String, Object> source =
        Map.of("items", List.of(
            ref("name", "metadata.name"), ref("uid", "metadata.uid"), ref("labels", "metadata.labels"),
            ref("notes", "metadata.annotations"), ref("one", "metadata.labels['b']"),
            resource("cpu", "limits.cpu", "1"), resource("millis", "requests.cpu", "1m"),
            resource("mem", "limits.memory", "1Mi"), resource("none", "requests.memory", "0")));
    downward.mount(request(data, source).pod(facts).build(), objects);
    assertEquals("web", file("name"));
    assertEquals("u1", file("uid"));
    assertEquals("a=\"1\"\nb=\"2\"", file("labels"));
    assertEquals("note=\"say \\\"hi\\\"\\n\\aü\\u00a0\"", file("notes"));
    assertEquals("2", file("one"));
    assertEquals("2", file("cpu"));
    assertEquals("250", file("millis"));
    assertEquals("65", file("mem"));
    assertEquals("0", file("none"));
    assertTrue(failure(downward, Map.of("items", List.of(ref("x",
        "spec.nodeName")))).getMessage().contains("fieldPath"));
    Map<String, Object> other = Map.of("resource", "limits.cpu", "containerName", "other");
    Map<String, Object> bad = Map.of("items", List.of(Map.of("path", "x", "resourceFieldRef", other)));
    assertTrue(failure(downward, bad).getMessage().contains("containerName"));
  }

  private static Map<String, Object> ref(String path, String field) {
    return Map.of("path", path, "fieldRef", Map.of("fieldPath", field));
  }

  private static Map<String, Object> resource(String path, String resource, String divisor) {
    return Map.of(
        "path", path, "resourceFieldRef", Map.of("resource", resource, "containerName", "main", "divisor", divisor));
  }

  @Test
  void whatCannotBeProjectedIsRefusedByField() {
    Map<String, Object> source = Map.of("sources", List.of(Map.of("clusterTrustBundle", Map.of("path", "x"))));
    ProviderFailure failure = failure(projected, source);
    assertEquals(ProviderFailure.UNSUPPORTED, failure.kind());
    assertTrue(failure.getMessage().contains("projected.sources[0].clusterTrustBundle"), failure.getMessage());
  }

  @Test
  void unmountingFollowsNoLinkOut() throws Exception {
    objects.configMaps.put("default/settings", Map.of("a", "1"));
    configMap.mount(request(data, Map.of("name", "settings")).build(), objects);
    Path outside = Files.createDirectories(data.resolve("outside"));
    Files.writeString(outside.resolve("file"), "x");
    Files.createSymbolicLink(place(data).directory().resolve("out"), outside);
    configMap.unmount(place(data));
    assertTrue(Files.exists(outside.resolve("file")));
  }
}
