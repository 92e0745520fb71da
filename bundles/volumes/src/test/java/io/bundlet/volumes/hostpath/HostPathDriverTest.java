package io.bundlet.volumes.hostpath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.VolumeId;
import io.bundlet.api.volume.VolumePlace;
import io.bundlet.api.volume.VolumeRequest;
import io.bundlet.volumes.fake.FakeObjects;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPathDriverTest {
  @TempDir Path node;
  private final HostPathDriver driver = new HostPathDriver();

  private Path mount(Object path, String type) throws ProviderFailure {
    VolumeId volume = new VolumeId(new PodId("default", "web", "u1"), "data");
    VolumePlace place = new VolumePlace(volume, node.resolve("set-aside"), node.resolve("notes"));
    Map<String, Object> source = Map.of("path", path.toString(), "type", type);
    return driver.mount(VolumeRequest.of(place, source).build(), new FakeObjects()).hostPath();
  }

  private String failure(String kind, Object path, String type) {
    ProviderFailure failure = assertThrows(ProviderFailure.class, () -> mount(path, type));
    assertEquals(kind, failure.kind(), failure.getMessage());
    assertTrue(failure.getMessage().contains("\"data\""), failure.getMessage());
    return failure.getMessage();
  }

  @Test
  void anythingThatIsThereWillDoWithoutAType() throws Exception {
    assertEquals(node, mount(node, ""));
    assertTrue(failure(ProviderFailure.NOT_FOUND, node.resolve("none"), "").contains("DirectoryOrCreate"));
    assertFalse(Files.exists(node.resolve("none")));
  }

  @Test
  void makesDirectoriesWithUpstreamsMode() throws Exception {
    Path made = mount(node.resolve("a/b"), "DirectoryOrCreate");
    assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
    Files.writeString(made.resolve("kept"), "x");
    mount(made, "DirectoryOrCreate");
    assertTrue(Files.exists(made.resolve("kept")));
  }

  @Test
  void makesFilesButNotTheDirectoriesAboveThem() throws Exception {
    Path made = mount(node.resolve("f"), "FileOrCreate");
    assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
    Files.writeString(made, "kept");
    mount(made, "FileOrCreate");
    assertEquals("kept", Files.readString(made));
    assertTrue(failure(ProviderFailure.NOT_FOUND, node.resolve("none/f"), "FileOrCreate").contains("above"));
  }

  @Test
  void makesNothingOfAnotherType() throws Exception {
    Path file = Files.createFile(node.resolve("file"));
    assertTrue(failure(ProviderFailure.NOT_FOUND, file, "DirectoryOrCreate").contains("is File"));
    assertTrue(failure(ProviderFailure.NOT_FOUND, node, "FileOrCreate").contains("is Directory"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Directory", "File", "Socket", "CharDevice", "BlockDevice"})
  void checksTheType(String type) throws Exception {
    Path file = Files.createFile(node.resolve("file"));
    Path socket = node.resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Map<String, Path> paths =
          Map.of("Directory", node, "File", file, "Socket", socket, "CharDevice", Path.of("/dev/null"));
      for (Map.Entry<String, Path> path : paths.entrySet()) {
        if (path.getKey().equals(type)) {
          assertEquals(path.getValue(), mount(path.getValue(), type));
        } else {
          assertTrue(failure(ProviderFailure.NOT_FOUND, path.getValue(), type).contains("type is " + type));
        }
      }
    }
    assertTrue(failure(ProviderFailure.NOT_FOUND, node.resolve("none"), type).contains("there is nothing"));
  }

  @Test
  void linksAreFollowed() throws Exception {
    Files.createSymbolicLink(node.resolve("link"), node);
    assertEquals(node.resolve("link"), mount(node.resolve("link"), "Directory"));
    Files.createSymbolicLink(node.resolve("dangling"), node.resolve("none"));
    failure(ProviderFailure.NOT_FOUND, node.resolve("dangling"), "");
    failure(ProviderFailure.UNAVAILABLE, node.resolve("dangling"), "FileOrCreate");
  }

  @Test
  void refusesWhatCanNeverSucceed() {
    assertTrue(failure(ProviderFailure.INVALID, node, "Diretory").contains("DirectoryOrCreate"));
    failure(ProviderFailure.INVALID, "relative", "");
    failure(ProviderFailure.INVALID, "", "");
    failure(ProviderFailure.INVALID, node + "/../etc", "");
    failure(ProviderFailure.INVALID, "/zero\0", "");
  }

  @Test
  void unmountKeepsTheContent() throws Exception {
    Path made = mount(node.resolve("a"), "DirectoryOrCreate");
    VolumeId volume = new VolumeId(new PodId("default", "web", "u1"), "data");
    driver.unmount(new VolumePlace(volume, node.resolve("set-aside"), node.resolve("notes")));
    assertTrue(Files.isDirectory(made));
  }
}
