package io.bundlet.e2e.badinput;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.NodeProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A kubelet's file is read by the program as it is delivered; one with a mistake keeps it from starting. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ConfigurationFileTest {
  @TempDir Path directory;

  private Path file(String lines) throws Exception {
    return Files.writeString(directory.resolve("kubelet.yaml"),
        "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n" + lines);
  }

  @Test
  void aMistakeKeepsTheNodeFromStarting() throws Exception {
    Path file = file("maxPods: many\n");
    Process process = new ProcessBuilder(Distribution.built().command().toString(), "node", "--data",
        directory.resolve("data").toString(), "--manifests", directory.toString(), "--config", file.toString())
        .redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("bundlet: " + file + ":3: maxPods: is the text 'many', but has to be a whole number\n", said);
    assertEquals(3, process.waitFor());
    assertTrue(Files.notExists(directory.resolve("data")), "nothing has been touched");
  }

  @Test
  void whatItSaysHolds() throws Exception {
    Path file = file("maxPods: 23\npodPidsLimit: 100\nport: 5\n");
    try (NodeProcess node = new NodeProcess(Distribution.built(), directory.resolve("node"), "--config",
        file.toString())) {
      node.start().awaitReady();
      String info = node.shell("node:info").output();
      assertTrue(info.matches("(?s).*pods +\\S* *23.*"), info);
      assertTrue(node.output().contains("these keys do nothing: podPidsLimit"), node.output());
      assertTrue(node.output()
          .contains("means something in a cluster only, and the node joins none (--kubeconfig FILE): "
          + file + ":5: port"), node.output());
    }
  }
}
