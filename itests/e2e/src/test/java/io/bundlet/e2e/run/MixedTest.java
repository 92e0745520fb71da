package io.bundlet.e2e.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.ContainerState;
import io.bundlet.cri.protocol.ListContainersRequest;
import io.bundlet.cri.protocol.ListImagesRequest;
import io.bundlet.cri.protocol.ListPodSandboxRequest;
import io.bundlet.e2e.outside.LineClient;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.PodLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The mixed example with a containerd of its own: three kinds of pods, each seen from outside. */
@Tag("containerd")
@Timeout(900)
@EnabledIf("io.bundlet.testkit.containerd.Containerd#available")
class MixedTest {
  private static final String IMAGE = "docker.io/library/busybox:latest";
  private static final Duration LIMIT = Duration.ofSeconds(180);

  @TempDir Path directory;
  private final String nonce = UUID.randomUUID().toString();

  @Test
  void threeKindsOfPodsRunAndEndTogether() throws Exception {
    int port = freePort();
    Path manifest = manifest(port);
    Path data = directory.resolve("data");
    try (Containerd containerd = Containerd.start(directory.resolve("containerd"))) {
      nameImage(containerd);
      try (BundletRun run = BundletRun.start(directory, Map.of(), "run", "--data", data.toString(),
          "--cri-endpoint", containerd.endpoint(), manifest.toString())) {
        run.awaitOut("module/hello | hello from a WASI module, nonce module-" + nonce + "\n");
        run.awaitOut("actor/echo: Running\n");
        // Its port is opened when the capability has heard of the actor, a moment after the actor runs.
        String answer = Eventually.value("the actor's port is open", LIMIT,
            () -> Optional.of(LineClient.askOnce(port, "echo actor-" + nonce)));
        assertEquals("actor-" + nonce, answer);
        run.awaitOut("container/ticker | container-" + nonce + " 2\n");

        Container container = container(containerd);
        assertEquals("ticker", container.getMetadata().getName());
        assertEquals(ContainerState.CONTAINER_RUNNING, container.getState());
        assertTrue(PodLog.lines(data, "container", "ticker").stream()
            .anyMatch(line -> line.stream().equals("stdout") && line.text().equals("container-" + nonce + " 1")));
        assertEquals(1, processes("container-" + nonce).size(), "processes that the kernel knows");

        run.interrupt();
        assertEquals(0, run.awaitEnd(LIMIT));
        assertTrue(run.out().contains("\nstopping 2 pods; once more to end at once\n"), run.out());
      }
      assertEquals(List.of(), containerd.client().runtime()
          .listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList());
      assertEquals(List.of(), containerd.client().runtime()
          .listContainers(ListContainersRequest.getDefaultInstance()).getContainersList());
      assertEquals(List.of(), processes("container-" + nonce));
    }
  }

  /** The example beside its modules, with nonces and a free port in it. */
  private Path manifest(int port) throws IOException {
    Path examples = Distribution.repository().resolve("runtime/examples");
    for (String module : List.of("hello/hello.wasm", "echo/echo.wasm")) {
      Path copy = directory.resolve(module);
      Files.createDirectories(copy.getParent());
      Files.copy(examples.resolve(module), copy);
    }
    String yaml = Files.readString(examples.resolve("mixed.yaml"));
    for (Map.Entry<String, String> change : Map.of(
        "\"a module\"", "module-" + nonce,
        "containerPort: 7007", "containerPort: " + port,
        "echo a container, second $n", "echo container-" + nonce + " $n").entrySet()) {
      assertTrue(yaml.contains(change.getKey()), "the example has " + change.getKey());
      yaml = yaml.replace(change.getKey(), change.getValue());
    }
    return Files.writeString(directory.resolve("mixed.yaml"), yaml);
  }

  /** Gives the image of the tests the name that is in the example. */
  private static void nameImage(Containerd containerd) throws IOException, InterruptedException {
    Process tag = new ProcessBuilder("ctr", "--address", containerd.socket().toString(), "--namespace", "k8s.io",
        "images", "tag", Containerd.BUSYBOX_IMAGE, IMAGE)
        .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    assertEquals(0, tag.waitFor());
    Eventually.until("CRI knows " + IMAGE, LIMIT, () -> containerd.client().images()
        .listImages(ListImagesRequest.getDefaultInstance()).getImagesList().stream()
        .anyMatch(image -> image.getRepoTagsList().contains(IMAGE)));
  }

  private static Container container(Containerd containerd) {
    List<Container> all = containerd.client().runtime()
        .listContainers(ListContainersRequest.getDefaultInstance()).getContainersList();
    assertEquals(1, all.size(), all::toString);
    return all.getFirst();
  }

  /** Shells whose command line has this word. */
  private static List<String> processes(String word) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(path -> path.getFileName().toString().matches("\\d+")).map(MixedTest::commandLine)
          .filter(line -> line.startsWith("sh ") && line.contains(word)).toList();
    }
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline")).replace('\0', ' ');
    } catch (IOException ended) {
      return "";
    } catch (UncheckedIOException ended) {
      return "";
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
