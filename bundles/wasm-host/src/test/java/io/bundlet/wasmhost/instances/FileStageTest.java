package io.bundlet.wasmhost.instances;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.linux.FileHandle;
import io.bundlet.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStageTest {
  private static final ContainerId ID = new ContainerId("c1");

  @TempDir Path data;
  private Path volume;
  private FileStage stage;

  @BeforeEach
  void fill() throws IOException {
    volume = Files.createDirectory(data.resolve("volume"));
    Files.writeString(volume.resolve("a"), "A");
    Files.writeString(volume.resolve("b"), "B");
    stage = new FileStage(data.resolve("host"));
  }

  @AfterEach
  void nothingStaysMounted() throws IOException {
    Mounts.unmountAll(data);
  }

  private List<Mount> stage(Mount... mounts) throws ProviderFailure {
    return stage.stage("default/web/main", ID, List.of(mounts));
  }

  @Test
  void directoriesAreLeftAsTheyAre() throws Exception {
    List<Mount> mounts = List.of(new Mount("/data", volume, false));
    assertEquals(mounts, stage.stage("w", ID, mounts));
    assertFalse(Files.exists(data.resolve("host")));
  }

  @Test
  void theDirectoryOfAFileMayBeWithinThatOfAnotherOne() throws Exception {
    List<Mount> shown =
        stage(
            new Mount("/etc/hosts", volume.resolve("a"), true), new Mount("/etc/app/b", volume.resolve("b"), true));
    assertEquals(List.of("/etc", "/etc/app"), shown.stream().map(Mount::containerPath).toList());
    assertEquals("A", Files.readString(shown.get(0).hostPath().resolve("hosts")));
    assertEquals("B", Files.readString(shown.get(1).hostPath().resolve("b")));
  }

  @Test
  void filesOfOneDirectoryAreSeenTogetherAndNothingElse() throws Exception {
    List<Mount> shown =
        stage(
            new Mount("/etc/app/one", volume.resolve("a"), true), new Mount("/data", volume, false),
            new Mount("/etc/app/two", volume.resolve("b"), true), new Mount("/other/a", volume.resolve("a"), false));
    assertEquals(List.of("/data", "/etc/app", "/other"), shown.stream().map(Mount::containerPath).toList());
    Path app = shown.get(1).hostPath();
    assertTrue(shown.get(1).readOnly());
    assertFalse(shown.get(2).readOnly());
    assertEquals("A", Files.readString(app.resolve("one")));
    assertEquals("B", Files.readString(app.resolve("two")));
    try (var all = Files.list(app)) {
      assertEquals(2, all.count());
    }
    Files.writeString(shown.get(2).hostPath().resolve("a"), "written");
    assertEquals("written", Files.readString(volume.resolve("a")));
    stage.unstage(ID);
    assertFalse(Files.exists(app));
    assertEquals("written", Files.readString(volume.resolve("a")), "the file itself stays");
  }

  @Test
  void aFileOfAnotherFileSystemIsMounted() throws Exception {
    assumeTrue(root(), "mounting needs root");
    Path memory = Files.createDirectory(data.resolve("memory"));
    Mounts.memory(memory, 1 << 20, 0755, 0);
    Files.writeString(memory.resolve("key"), "secret");
    Path shown = stage(new Mount("/etc/key", memory.resolve("key"), true)).getFirst().hostPath();
    assertEquals("secret", Files.readString(shown.resolve("key")));
    // what is shown stays what it was, whatever its path leads to now
    Files.delete(memory.resolve("key"));
    Files.createSymbolicLink(memory.resolve("key"), Path.of("/etc/shadow"));
    assertEquals("secret", Files.readString(shown.resolve("key")));
    stage.close();
    assertEquals(List.of(memory.toRealPath()), Mounts.below(data));
  }

  @Test
  void aFileThatMayOnlyBeReadCannotBeWrittenBesideOneThatMay() throws Exception {
    assumeTrue(root(), "mounting needs root");
    Path shown =
        stage(new Mount("/x/a", volume.resolve("a"), true), new Mount("/x/b", volume.resolve("b"), false))
            .getFirst().hostPath();
    assertThrows(IOException.class, () -> Files.writeString(shown.resolve("a"), "x"));
    Files.writeString(shown.resolve("b"), "x");
  }

  @Test
  void aFileWithinSomebodysDirectoryIsRefused() {
    ProviderFailure failure =
        assertThrows(
            ProviderFailure.class,
            () -> stage(new Mount("/etc", volume, true), new Mount("/etc/app/a", volume.resolve("a"), true)));
    assertEquals(ProviderFailure.INVALID, failure.kind());
    assertTrue(failure.getMessage().contains("/etc/app/a"), failure.getMessage());
  }

  @Test
  void anotherTryIsMadeAnewAndEarlierLivesAreClearedAway() throws Exception {
    assumeTrue(root(), "mounting needs root");
    Path memory = Files.createDirectory(data.resolve("memory"));
    Mounts.memory(memory, 1 << 20, 0755, 0);
    Files.writeString(memory.resolve("key"), "secret");
    Mount mount = new Mount("/etc/key", memory.resolve("key"), true);
    stage(mount);
    stage(mount);
    assertEquals(2, Mounts.below(data).size());
    // as if the process had been killed: nobody has taken anything away
    new FileStage(data.resolve("host")).clearStale();
    assertEquals(1, Mounts.below(data).size());
    try (var left = Files.list(data.resolve("host"))) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void aHandleLinksWhatItHolds() throws Exception {
    try (FileHandle file = FileHandle.open(volume.resolve("a"))) {
      Files.move(volume.resolve("a"), volume.resolve("moved"));
      file.link(data.resolve("linked"));
    }
    assertEquals("A", Files.readString(data.resolve("linked")));
  }

  private static boolean root() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }
}
