package io.bundlet.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphanDirectoriesTest {
  @TempDir Path data;
  private Path pods;
  private Path logs;

  @BeforeEach
  void make() throws IOException {
    pods = Files.createDirectory(data.resolve("pods"));
    logs = Files.createDirectory(data.resolve("logs"));
  }

  @AfterEach
  void nothingStaysMounted() throws IOException {
    Mounts.unmountAll(data);
  }

  private void remove() {
    new OrphanDirectories(pods, logs).remove((uid, rename) -> {
      if (!uid.equals("known")) {
        rename.run();
      }
    });
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void whatBelongsToNoPodGoesAndNothingElse() throws IOException {
    Path outside = Files.createDirectories(data.resolve("outside/volumes"));
    Files.createDirectories(pods.resolve("unknown/volumes/kubernetes.io~empty-dir/v/a/b"));
    Files.writeString(pods.resolve("unknown/volumes/kubernetes.io~empty-dir/v/file"), "x");
    Files.createSymbolicLink(pods.resolve("unknown/out"), outside);
    Files.createDirectories(pods.resolve("known/volumes"));
    Files.createSymbolicLink(pods.resolve("link"), outside);
    Files.createFile(pods.resolve("file"));
    Files.createDirectories(logs.resolve("default_web_unknown/a"));
    Files.createDirectories(logs.resolve("default_web_known/a"));
    // What an earlier life had begun to remove.
    Files.createDirectories(pods.resolve(".removed-known/volumes"));
    remove();
    assertEquals(List.of("file", "known", "link"), names(pods));
    assertEquals(List.of("default_web_known"), names(logs));
    assertTrue(Files.exists(outside));
  }

  @Test
  void whereSomethingIsMountedNothingIsTouched() throws IOException {
    Path volume = Files.createDirectories(pods.resolve("unknown/volumes/kubernetes.io~secret/s"));
    assumeTrue("root".equals(System.getProperty("user.name")), "only root may mount");
    Mounts.memory(volume, 1 << 20, 0700, 0);
    Files.writeString(volume.resolve("secret"), "x");
    remove();
    assertTrue(Files.exists(volume.resolve("secret")));
    Mounts.unmount(volume);
    remove();
    assertFalse(Files.exists(pods.resolve("unknown")));
  }

  @Test
  void aFolderThatIsNotThereIsNoTrouble() throws IOException {
    Files.delete(pods);
    remove();
    assertFalse(Files.exists(pods));
  }
}
