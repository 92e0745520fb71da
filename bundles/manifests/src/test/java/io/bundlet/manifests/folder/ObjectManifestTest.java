package io.bundlet.manifests.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.objects.ConfigMapData;
import io.bundlet.api.objects.ObjectKey;
import io.bundlet.api.objects.SecretData;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.manifests.folder.ManifestFolder.Wishes;
import io.bundlet.manifests.objects.KnownObjects;
import io.bundlet.manifests.objects.ManifestObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectManifestTest {
  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void open() {
    folder = new Folder(directory);
  }

  private static String map(String name, String data) {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\ndata: {" + data + "}\n";
  }

  private ManifestObject only(String text) throws Exception {
    folder.write("only.yaml", text);
    Wishes wishes = folder.scan();
    assertEquals(List.of(), wishes.problems());
    assertEquals(1, wishes.objects().size());
    return wishes.objects().getFirst();
  }

  @Test
  void aConfigMapHasTextsAndOtherValues() throws Exception {
    ConfigMapData data = only("""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings, namespace: prod, resourceVersion: "17"}
        immutable: true
        data:
          colour: red
          app.properties: |
            a=1
        binaryData:
          logo: AAH/
        """).configMap().orElseThrow();
    assertEquals(ObjectKey.configMap("prod", "settings"), data.key());
    assertEquals(Map.of("colour", "red", "app.properties", "a=1\n"), data.data());
    assertArrayEquals(new byte[] {0, 1, -1}, data.binaryData().get("logo"));
    assertTrue(data.immutable());
  }

  @Test
  void aSecretsTextsCountMoreThanItsData() throws Exception {
    SecretData data = only("""
        apiVersion: v1
        kind: Secret
        metadata: {name: key}
        data: {a: b25l, b: dHdv}
        stringData: {b: three}
        """).secret().orElseThrow();
    assertEquals("Opaque", data.type());
    assertEquals("one", new String(data.data().get("a"), StandardCharsets.UTF_8));
    assertEquals("three", new String(data.data().get("b"), StandardCharsets.UTF_8));
    assertFalse(data.toString().contains("three"), "values get into no log");
  }

  @Test
  void objectsStandBesidePodsAndInLists() throws Exception {
    folder.write("all.yaml", Folder.pod("web", "img") + "---\n" + map("one", "a: b")
        + "---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: key}}\n"
        + "---\napiVersion: v1\nkind: ConfigMapList\nitems:\n- {metadata: {name: two}}\n");
    Wishes wishes = folder.scan();
    assertEquals(List.of(), wishes.problems());
    assertEquals(1, wishes.pods().size());
    assertEquals(
        List.of("ConfigMap default/one", "Secret default/key", "ConfigMap default/two"),
        wishes.objects().stream().map(object -> object.key().toString()).toList());
  }

  @Test
  void mistakesAreToldWithTheirLine() throws Exception {
    folder.write("bad.yaml", """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings}
        data:
          ../up: x
          both: x
        binaryData:
          both: AAAA
          broken: "%%%"
        dat: {}
        """);
    String problems = folder.problems();
    assertTrue(problems.contains("bad.yaml:10: dat"), problems);
    folder.write("bad.yaml", """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings}
        data:
          ../up: x
          both: x
        binaryData:
          both: AAAA
          broken: "%%%"
        """);
    problems = folder.problems();
    assertTrue(problems.contains("is no valid key"), problems);
    assertTrue(problems.contains("bad.yaml:8: binaryData[both]: the key is in data, too"), problems);
    assertTrue(problems.contains("bad.yaml:9: binaryData[broken]: is no base64"), problems);
    assertEquals(List.of(), folder.scan().objects());
  }

  @Test
  void noMessageHoldsAValueOfASecret() throws Exception {
    folder.write("bad.yaml", """
        apiVersion: v1
        kind: Secret
        type: kubernetes.io/tls
        metadata: {name: key}
        data: {a: "hunter2!"}
        """);
    String problems = folder.problems();
    assertTrue(problems.contains("tls.crt"), problems);
    assertTrue(problems.contains("is no base64"), problems);
    assertFalse(problems.contains("hunter2"), problems);
  }

  @Test
  void theSameNameTwiceIsAMistake() throws Exception {
    folder.write("a.yaml", map("settings", "a: first") + "---\n" + map("settings", "a: second"));
    folder.write("b.yaml", map("settings", "a: third"));
    String problems = folder.problems();
    assertTrue(problems.contains("a.yaml:6: metadata.name: a second ConfigMap default/settings, the first is in "
        + "line 1"),
        problems);
    assertTrue(problems.contains("b.yaml:1: metadata.name: ConfigMap default/settings is in"), problems);
    assertEquals(1, folder.scan().objects().size());
    assertEquals("first", folder.scan().objects().getFirst().configMap().orElseThrow().data().get("a"));
  }

  @Test
  void aMistakeLeavesTheObjectAsItWas() throws Exception {
    only(map("settings", "a: good"));
    folder.write("only.yaml", map("settings", "a: good").replace("data", "daat"));
    assertTrue(folder.problems().contains("what it held before stays"), folder.problems());
    assertEquals("good", folder.scan().objects().getFirst().configMap().orElseThrow().data().get("a"));
  }

  @Test
  void anObjectThatIsTooLargeIsRefused() throws Exception {
    folder.write("big.yaml", map("big", "a: " + "x".repeat(1 << 20)).substring(0, 1 << 20) + "}\n");
    assertTrue(folder.problems().contains("1 MiB"), folder.problems());
    assertEquals(List.of(), folder.scan().objects());
  }

  @Test
  void whoWatchesHearsOfChangesOfHisObjectOnly() throws Exception {
    KnownObjects known = new KnownObjects();
    AtomicInteger heard = new AtomicInteger();
    ObjectKey key = ObjectKey.configMap("default", "settings");
    assertThrows(ProviderFailure.class, () -> known.find(key), "what was not read yet is not known to be missing");
    Subscription watch = known.watch(key, heard::incrementAndGet);
    known.update(List.of());
    assertEquals(1, heard.get());
    known.update(List.of(only(map("settings", "a: b"))));
    assertEquals(2, heard.get());
    known.update(List.of(only("# the same\n" + map("settings", "a: b"))));
    assertEquals(2, heard.get());
    known.update(List.of(only(map("settings", "a: c"))));
    assertEquals(3, heard.get());
    known.update(List.of(only(map("other", "a: c"))));
    assertEquals(4, heard.get(), "it went");
    known.update(List.of());
    assertEquals(4, heard.get());
    watch.close();
    known.update(List.of(only(map("settings", "a: c"))));
    assertEquals(4, heard.get());
  }

  @Test
  void aPodIsTheSameWhenItsObjectChanges() throws Exception {
    folder.write("all.yaml", Folder.pod("web", "img") + "---\n" + map("one", "a: b"));
    String uid = folder.scan().pods().getFirst().getMetadata().getUid();
    folder.write("all.yaml", Folder.pod("web", "img") + "---\n" + map("one", "a: c"));
    assertEquals(uid, folder.scan().pods().getFirst().getMetadata().getUid());
  }
}
