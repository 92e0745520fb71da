package io.bundlet.volumes.emptydir;

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
import io.bundlet.api.volume.Mounted;
import io.bundlet.api.volume.UsagePart;
import io.bundlet.api.volume.VolumeRequest;
import io.bundlet.linux.Mounts;
import io.bundlet.volumes.fake.FakeObjects;
import io.bundlet.volumes.fake.TestVolume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmptyDirDriverTest {
  @TempDir Path data;
  private final EmptyDirDriver driver = new EmptyDirDriver();

  @AfterEach
  void nothingStaysMounted() throws IOException {
    Mounts.unmountAll(data);
  }

  private Mounted mount(VolumeRequest.Builder request) throws ProviderFailure {
    return driver.mount(request.build(), new FakeObjects());
  }

  @Test
  void aDirectoryForEverybodyThatKeepsItsContent() throws Exception {
    Mounted mounted = mount(request(data, Map.of()));
    assertEquals(0777, mode(mounted.hostPath()));
    assertFalse(mounted.readOnly());
    Files.writeString(mounted.hostPath().resolve("kept"), "x");
    // what the pod has made of it since is the pod's
    Files.setAttribute(mounted.hostPath(), "unix:mode", 0700);
    mount(request(data, Map.of()));
    assertEquals("x", Files.readString(mounted.hostPath().resolve("kept")));
    assertEquals(0700, mode(mounted.hostPath()));
    driver.unmount(place(data));
    driver.unmount(place(data));
    assertFalse(Files.exists(place(data).directory()));
    assertFalse(Files.exists(place(data).notes()));
  }

  @Test
  void makingItIsFinishedAfterTheNodesDeath() throws Exception {
    Files.createDirectories(place(data).directory());
    mount(request(data, Map.of()));
    assertEquals(0777, mode(place(data).directory()));
  }

  @Test
  void inMemoryItHasTheSmallerOfBothLimits() throws Exception {
    assumeTrue(TestVolume.root(), "mounting needs root");
    Map<String, Object> memory = Map.of("medium", "Memory", "sizeLimit", "8Mi");
    Path at = mount(request(data, memory).memoryLimitBytes(4 << 20)).hostPath();
    mount(request(data, memory).memoryLimitBytes(4 << 20));
    assertEquals(1, Mounts.below(data).size());
    assertEquals(4 << 20, Files.getFileStore(at).getTotalSpace());
    assertEquals(01777, mode(at));
    assertThrows(IOException.class, () -> Files.write(at.resolve("big"), new byte[5 << 20]));
    driver.unmount(place(data));
    assertEquals(List.of(), Mounts.below(data));
  }

  @Test
  void theGroupOwnsIt() throws Exception {
    assumeTrue(TestVolume.root(), "giving files away needs root");
    Path at = mount(request(data, Map.of()).fsGroup(OptionalLong.of(4242))).hostPath();
    assertEquals(02777, mode(at));
    assertEquals(4242, owner(at, "gid"));
    Files.createDirectory(at.resolve("made"));
    assertEquals(4242, owner(at.resolve("made"), "gid"), "what is made in it is the group's, too");
  }

  @Test
  void withOnRootMismatchOnlyTheRootIsLookedAt() throws Exception {
    assumeTrue(TestVolume.root(), "giving files away needs root");
    Path at = mount(request(data, Map.of()).fsGroup(OptionalLong.of(4242))).hostPath();
    Files.createFile(at.resolve("others"));
    Files.setAttribute(at.resolve("others"), "unix:gid", 1);
    Files.delete(place(data).notes().resolve("ready"));
    mount(request(data, Map.of()).fsGroup(OptionalLong.of(4242)).fsGroupChangePolicy("OnRootMismatch"));
    assertEquals(1, owner(at.resolve("others"), "gid"));
    Files.delete(place(data).notes().resolve("ready"));
    mount(request(data, Map.of()).fsGroup(OptionalLong.of(4242)));
    assertEquals(4242, owner(at.resolve("others"), "gid"));
  }

  @Test
  void whatCannotBeIsRefusedByField() {
    for (String medium : List.of("HugePages", "HugePages-2Mi")) {
      ProviderFailure failure =
          assertThrows(ProviderFailure.class, () -> mount(request(data, Map.of("medium", medium))));
      assertEquals(ProviderFailure.UNSUPPORTED, failure.kind());
      assertTrue(failure.getMessage().contains("emptyDir.medium"), failure.getMessage());
    }
    assertThrows(ProviderFailure.class, () -> mount(request(data, Map.of("medium", "Tape"))));
    assertThrows(ProviderFailure.class, () -> mount(request(data, Map.of("sizeLimit", "much"))));
  }

  @Test
  void itSaysWhatItUses() throws Exception {
    VolumeRequest request = request(data, Map.of("sizeLimit", "1Mi")).build();
    UsagePart part = driver.part(UsagePart.class).orElseThrow();
    assertThrows(ProviderFailure.class, () -> part.usage(request));
    Path at = driver.mount(request, new FakeObjects()).hostPath();
    Files.createDirectories(at.resolve("a/b"));
    Files.write(at.resolve("a/b/file"), new byte[100_000]);
    Files.createLink(at.resolve("again"), at.resolve("a/b/file"));
    Files.createSymbolicLink(at.resolve("out"), Path.of("/usr"));
    UsagePart.Usage usage = part.usage(request);
    assertEquals(5, usage.inodes());
    assertTrue(usage.bytes() >= 100_000 && usage.bytes() < 200_000, usage.toString());
    assertEquals(1 << 20, usage.limitBytes());
    assertTrue(usage.onDisk());
  }
}
