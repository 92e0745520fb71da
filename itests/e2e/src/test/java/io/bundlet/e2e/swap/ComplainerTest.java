package io.bundlet.e2e.swap;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.e2e.swap.witness.Complainer;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.NodeProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bundle has logged does not keep its classes when it is removed. */
class ComplainerTest {
  private static final String NAME = "io.bundlet.e2e.complainer";

  @Test
  void aBundleThatLoggedAnExceptionIsForgotten(@TempDir Path home) throws Exception {
    WitnessFiles witness = new WitnessFiles(home.resolve("witness"));
    Path jar = home.resolve("complainer.jar");
    TinyBundle.write(jar, NAME, List.of(Complainer.class), Map.of("Import-Package", "org.osgi.framework,org.slf4j"));
    try (NodeProcess node = new NodeProcess(Distribution.built(), home.resolve("node"))) {
      witness.join(node);
      node.start().awaitReady();
      witness.await(0, "io.bundlet.e2e.witness", "1.0.0", "STARTED");
      node.plugin("complainer.jar", jar);
      witness.await(0, NAME, "1.0.0", "STARTED");
      assertTrue(node.output().contains(Complainer.WORDS), node.output());
      assertTrue(witness.state().loaders().contains("current " + NAME + " 1.0.0"), "the witness knows it");
      Files.delete(node.plugins().resolve("complainer.jar"));
      witness.await(0, NAME, "1.0.0", "UNINSTALLED");
      System.out.println("collected after " + witness.awaitCollected(SwapNode.LIMIT) + " ms");
    }
  }
}
