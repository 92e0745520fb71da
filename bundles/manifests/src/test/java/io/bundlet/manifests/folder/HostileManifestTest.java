package io.bundlet.manifests.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that want to do harm: each costs a bounded time and one problem, and the pod beside it is wanted all the same.
 */
class HostileManifestTest {
  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void neighbour() throws Exception {
    folder = new Folder(directory);
    folder.write("a.yaml", Folder.pod("neighbour", "x"));
  }

  @AfterEach
  void theNeighbourIsWanted() {
    assertTrue(folder.names().contains("neighbour"));
  }

  private void expect(String problem) {
    assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
      String problems = folder.problems();
      assertTrue(problems.contains(problem), "expected " + problem + " but it is " + problems);
      assertTrue(problems.length() < 20_000, "problems are bounded");
    });
  }

  @Test
  void aliasesThatMultiply() throws Exception {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a").append(i).append(": &a").append(i).append(" [").append(("*a" + (i - 1) + ", ").repeat(9))
          .append("x]\n");
    }
    folder.write("bomb.yaml", bomb.toString());
    expect("values in one document, those behind aliases included");
  }

  @Test
  void anAliasOfItself() throws Exception {
    folder.write("bomb.yaml", "apiVersion: v1\nkind: Pod\nmetadata: &m\n  labels: *m\n");
    expect("bomb.yaml:4: the alias *m names no anchor that is complete above it");
  }

  @Test
  void depth() throws Exception {
    folder.write("flow.yaml", "[".repeat(500_000));
    folder.write("block.yaml", "- ".repeat(500_000) + "x");
    expect("block.yaml:1: nested deeper than 64 levels\nflow.yaml:1: nested deeper than 64 levels\n");
  }

  @Test
  void size() throws Exception {
    folder.write("large.yaml", Folder.pod("large", "x") + "#".repeat(ManifestFile.MAX_BYTES));
    expect("large.yaml: is larger than 1 MiB");
    folder.write("large.yaml", Folder.pod("large", "x") + "#".repeat(ManifestFile.MAX_BYTES - 200));
    assertEquals(List.of("neighbour", "large"), folder.names());
  }

  @Test
  void manyMistakes() throws Exception {
    StringBuilder many = new StringBuilder(Folder.pod("many", "x"));
    for (int i = 0; i < 30_000; i++) {
      many.append("f").append(i).append(": 1\n");
    }
    folder.write("many.yaml", many + "---\nx\n".repeat(20_000));
    expect("more problems in this file");
  }

  @Test
  void longNumbersAndWords() throws Exception {
    folder.write("number.yaml", "apiVersion: v1\nkind: Pod\nspec: {priority: " + "9".repeat(900_000) + "}\n");
    folder.write("word.yaml", "apiVersion: v1\nkind: " + "x".repeat(900_000) + "\n");
    expect("word.yaml:2: kind: unknown kind \"xxx");
    expect("number.yaml:3: spec.priority: ");
  }

  @Test
  void noText() throws Exception {
    Files.write(directory.resolve("latin.yaml"), "kind: \u00fc".getBytes(StandardCharsets.ISO_8859_1));
    Files.write(directory.resolve("zero.yaml"), "kind: \0".getBytes(StandardCharsets.UTF_8));
    expect("latin.yaml: is no UTF-8 text");
    expect("zero.yaml:1: this is no YAML");
    folder.write("tab.yaml", "kind: Pod\nspec:\n\tcontainers: []\n");
    expect("tab.yaml:3: this is no YAML");
    expect("indent with spaces");
    folder.write("tag.yaml", "kind: !!java.net.URL [x]\n");
    expect("tag.yaml:1: kind: is missing");
    folder.write("tag.yaml", "kind: !secret x\n");
    expect("tag.yaml:1: the tag !secret is not supported");
  }

  @Test
  void mutatedManifests() throws Exception {
    Random random = new Random(7);
    byte[] good = (Folder.pod("mutant", "x") + "---\n" + Folder.pod("other", "y")).getBytes(StandardCharsets.UTF_8);
    assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
      for (int round = 0; round < 2000; round++) {
        byte[] bad = good.clone();
        for (int i = 0; i <= random.nextInt(4); i++) {
          bad[random.nextInt(bad.length)] = (byte) "{}[]&*!|>'\"%@`:-#, \n\tx0\u007f".charAt(random.nextInt(24));
        }
        Files.write(directory.resolve("mutant.yaml"), bad);
        folder.scan();
      }
    });
  }

  @Test
  void whatIsNoFile() throws Exception {
    assertEquals(0, new ProcessBuilder("mkfifo", directory.resolve("fifo.yaml").toString()).start().waitFor());
    Files.createDirectory(directory.resolve("dir.yaml"));
    Files.createDirectory(directory.resolve("dir"));
    Files.createSymbolicLink(directory.resolve("dangling.yaml"), directory.resolve("none"));
    Files.createSymbolicLink(directory.resolve("loop.yaml"), directory.resolve("loop.yaml"));
    Files.createSymbolicLink(directory.resolve("device.yaml"), Path.of("/dev/zero"));
    Files.writeString(directory.resolve(".hidden.yaml"), "x");
    Files.writeString(directory.resolve("notes.txt"), "x");
    expect("dangling.yaml: is a link to a file that is not there");
    expect("device.yaml: is no regular file");
    expect("dir.yaml: is no regular file");
    expect("fifo.yaml: is no regular file");
    expect("loop.yaml: ");
    assertEquals(5, folder.problems().lines().count(), folder.problems());
  }

  @Test
  void numberOfFilesAndPods() throws Exception {
    String few = (Folder.pod("NAME", "x") + "---\n").repeat(1);
    for (int i = 0; i < ManifestPaths.MAX_FILES; i++) {
      Files.writeString(directory.resolve("f" + i + ".yaml"), few.replace("NAME", "p" + i));
    }
    assertEquals(ManifestPaths.MAX_FILES, folder.names().size());
    expect("manifests: 1 files left out");
  }
}
