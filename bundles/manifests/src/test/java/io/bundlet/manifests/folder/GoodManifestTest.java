package io.bundlet.manifests.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.manifests.folder.ManifestFolder.Settings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoodManifestTest {
  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void folder() {
    folder = new Folder(directory);
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }

  @Test
  void defaultsAreThoseOfAnApiServer() throws Exception {
    Pod pod = folder.only("""
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: c
            image: nginx
            ports: [{containerPort: 80}]
            livenessProbe: {httpGet: {port: http}}
            resources: {limits: {cpu: 500m, memory: 1Gi}, requests: {cpu: 100m}}
          volumes: [{name: scratch}, {name: s, secret: {secretName: x}}]
        """);
    assertEquals("default", pod.getMetadata().getNamespace());
    assertEquals("Always", pod.getSpec().getRestartPolicy());
    assertEquals(30, pod.getSpec().getTerminationGracePeriodSeconds());
    assertEquals("ClusterFirst", pod.getSpec().getDnsPolicy());
    assertEquals(true, pod.getSpec().getEnableServiceLinks());
    Container container = pod.getSpec().getContainers().getFirst();
    assertEquals("Always", container.getImagePullPolicy());
    assertEquals("/dev/termination-log", container.getTerminationMessagePath());
    assertEquals("TCP", container.getPorts().getFirst().getProtocol());
    assertEquals(3, container.getLivenessProbe().getFailureThreshold());
    assertEquals("http", container.getLivenessProbe().getHttpGet().getPort().getStrVal());
    assertEquals("100m", container.getResources().getRequests().get("cpu").toString());
    assertEquals("1Gi", container.getResources().getRequests().get("memory").toString());
    assertTrue(pod.getSpec().getVolumes().getFirst().getEmptyDir() != null);
    assertEquals(0644, pod.getSpec().getVolumes().get(1).getSecret().getDefaultMode());
  }

  @ParameterizedTest
  @CsvSource({"nginx,Always", "nginx:latest,Always", "nginx:1.29,IfNotPresent", "host:5000/nginx,Always",
      "host:5000/nginx:1,IfNotPresent", "nginx@sha256:00,IfNotPresent", "file:x.wasm,IfNotPresent"})
  void pullPolicyFollowsTheTag(String image, String policy) throws Exception {
    assertEquals(policy, folder.only(Folder.pod("web", image)).getSpec().getContainers().getFirst()
        .getImagePullPolicy());
  }

  @ParameterizedTest
  @CsvSource({"file:x.wasm,file:DIR/x.wasm", "file:./a/../x.wasm,file:DIR/x.wasm", "file:/x.wasm,file:/x.wasm",
      "file:///x.wasm,file:/x.wasm", "nginx,nginx"})
  void fileImagesAreTakenFromTheManifestsDirectory(String image, String resolved) throws Exception {
    assertEquals(resolved.replace("DIR", directory.toString()),
        folder.only(Folder.pod("web", image)).getSpec().getContainers().getFirst().getImage());
  }

  @Test
  void relativeHostPathsAreTakenFromTheManifestsDirectory() throws Exception {
    Pod pod = folder.only(Folder.pod("web", "x") + "  volumes:\n  - name: a\n    hostPath: {path: data}\n");
    assertEquals(directory.resolve("data").toString(), pod.getSpec().getVolumes().getFirst().getHostPath().getPath());
  }

  @Test
  void aLeadingZeroIsOctal() throws Exception {
    Pod pod = folder.only(Folder.pod("web", "x")
        + "  volumes:\n  - name: a\n    secret: {secretName: b, defaultMode: 0400}\n");
    assertEquals(0400, pod.getSpec().getVolumes().getFirst().getSecret().getDefaultMode());
  }

  @Test
  void theUidFollowsFromNodeFileAndContent() throws Exception {
    String first = uid(folder.only(Folder.pod("web", "x")));
    assertEquals(first, UUID.fromString(first).toString());
    assertEquals(first, uid(folder.only("# a comment\n---\n" + Folder.pod("\"web\"", "x").replace("\n", " \n"))));
    assertEquals(first, uid(new Folder(directory).only(Folder.pod("web", "x"))));
    assertNotEquals(first, uid(folder.only(Folder.pod("web", "y"))));
    assertEquals(first, uid(folder.only(Folder.pod("web", "x"))));
    Settings otherNode = new Settings(List.of(directory), "node-2", "", false);
    assertNotEquals(first, uid(new ManifestFolder(otherNode).scan(true).pods().getFirst()));
    Files.move(directory.resolve("only.yaml"), directory.resolve("other.yaml"));
    assertNotEquals(first, uid(folder.scan().pods().getFirst()));
  }

  private String sized(String resources) throws Exception {
    return uid(folder.only(Folder.pod("web", "x").replace("image: x", "image: x, resources: " + resources)));
  }

  /** What may change while a pod runs does not make it another pod; what would change its class of service does. */
  @Test
  void theUidDoesNotFollowFromAmountsThatMayChange() throws Exception {
    String first = sized("{requests: {cpu: 100m, memory: 1Mi}, limits: {cpu: 200m}}");
    assertEquals(first, sized("{requests: {cpu: 1, memory: 20Mi}, limits: {cpu: 1500m}}"));
    assertEquals(first, sized("{requests: {cpu: 0.5, memory: 1Mi}, limits: {cpu: 2}}"));
    assertNotEquals(first, sized("{requests: {cpu: 200m, memory: 1Mi}, limits: {cpu: 0.2}}"), "the same now");
    assertNotEquals(first, sized("{requests: {cpu: 0, memory: 1Mi}, limits: {cpu: 200m}}"), "nothing");
    assertNotEquals(first, sized("{requests: {cpu: 100m}, limits: {cpu: 200m}}"), "taken away");
    assertNotEquals(first, uid(folder.only(Folder.pod("web", "x"))));
    String disk = "{requests: {cpu: 100m, ephemeral-storage: 1Mi}, limits: {cpu: 200m}}";
    assertNotEquals(sized(disk), sized(disk.replace("1Mi", "2Mi")));
    String same = sized("{requests: {cpu: 1}, limits: {cpu: 1}}");
    assertEquals(same, sized("{requests: {cpu: 2000m}, limits: {cpu: 2}}"));
  }

  @Test
  void theNodesNameIsSetAndAppendedWhereThatIsAskedFor() throws Exception {
    folder.write("web.yaml", Folder.pod("web", "x"));
    Pod pod = new ManifestFolder(new Settings(List.of(directory), "id", "Node-1", true)).scan(true).pods().getFirst();
    assertEquals("web-node-1", pod.getMetadata().getName());
    assertEquals("Node-1", pod.getSpec().getNodeName());
    pod = new ManifestFolder(new Settings(List.of(directory), "id", "Node-1", false)).scan(true).pods().getFirst();
    assertEquals("web", pod.getMetadata().getName());
  }

  @Test
  void readsWhatAServerPrints() throws Exception {
    Pod pod = folder.only("""
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          uid: 5f0c
          resourceVersion: "7"
          creationTimestamp: null
          managedFields: [{manager: x}]
        spec:
          containers: [{name: c, image: x}]
        status: {phase: Running}
        """);
    assertNotEquals("5f0c", uid(pod));
    assertEquals(uid(pod), pod.getMetadata().getAnnotations().get("kubernetes.io/config.hash"));
  }

  @Test
  void readsAnchorsAndLists() throws Exception {
    folder.write("list.yaml", """
        apiVersion: v1
        kind: PodList
        items:
        - metadata: {name: a}
          spec: &spec
            containers: [{name: c, image: x}]
        - metadata: {name: b}
          spec: *spec
        """);
    assertEquals("", folder.problems());
    assertEquals(List.of("a", "b"), folder.names());
  }

  @Test
  void aFileThatTurnedWrongKeepsItsPods() throws Exception {
    folder.write("web.yaml", Folder.pod("a", "x") + "---\n" + Folder.pod("b", "x"));
    String uidOfA = uid(folder.scan().pods().getFirst());
    folder.write("web.yaml", Folder.pod("a", "x").replace("image", "imag") + "---\n" + Folder.pod("b", "y"));
    assertEquals(List.of("b", "a"), folder.names());
    assertEquals(uidOfA, uid(folder.scan().pods().get(1)));
    assertTrue(folder.problems().contains("its earlier pods stay as they were: default/a"), folder.problems());
    // once more wrong, in another way
    folder.write("web.yaml", "{");
    assertEquals(List.of("b", "a"), folder.names());
    folder.write("web.yaml", "");
    assertEquals(List.of("b", "a"), folder.names());
    folder.write("web.yaml", Folder.pod("b", "y"));
    assertEquals(List.of("b"), folder.names());
    assertEquals("", folder.problems());
    Files.delete(directory.resolve("web.yaml"));
    assertEquals(List.of(), folder.names());
  }

  @Test
  void aMissingDirectoryIsReadWhenItComes() throws Exception {
    Path later = directory.resolve("later");
    ManifestFolder waiting =
        new ManifestFolder(new Settings(List.of(later, later.resolve("named.txt")), "n", "", false));
    assertEquals(2, waiting.scan(true).problems().size());
    Files.createDirectory(later);
    Files.writeString(later.resolve("a.yaml"), Folder.pod("a", "x"));
    Files.writeString(later.resolve("named.txt"), Folder.pod("b", "x"));
    assertEquals(2, waiting.scan(true).pods().size());
    assertEquals(List.of(), waiting.scan(true).problems());
  }

  @Test
  void aFileThatIsBeingWrittenIsLeftAloneUntilItIsQuiet() throws Exception {
    Path file = Files.writeString(directory.resolve("a.yaml"), Folder.pod("a", "x"));
    // written a minute ago
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    assertEquals(1, folder.folder.scan(false).pods().size());
    // a look that no event asked for meets a file just written (unless this machine is very slow)
    Files.writeString(file, Folder.pod("b", "x"));
    ManifestFolder.Wishes wishes = folder.folder.scan(false);
    boolean young = Files.getLastModifiedTime(file).toInstant().isAfter(Instant.now().minusMillis(100));
    if (young) {
      assertTrue(wishes.unsettled());
      assertEquals("a", wishes.pods().getFirst().getMetadata().getName());
    }
    assertEquals(List.of("b"), folder.names());
  }
}
