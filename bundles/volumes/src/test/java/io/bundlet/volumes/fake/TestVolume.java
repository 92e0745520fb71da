package io.bundlet.volumes.fake;

import io.bundlet.api.runtime.PodId;
import io.bundlet.api.volume.VolumeId;
import io.bundlet.api.volume.VolumePlace;
import io.bundlet.api.volume.VolumeRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/** A volume "v" of pod default/web. */
public final class TestVolume {
  private TestVolume() {}

  public static VolumePlace place(Path data) {
    Path pod = data.resolve("pods/u1");
    return new VolumePlace(
        new VolumeId(new PodId("default", "web", "u1"), "v"), pod.resolve("volumes/k/v"), pod.resolve("plugins/k/v"));
  }

  public static VolumeRequest.Builder request(Path data, Map<String, Object> source) {
    return VolumeRequest.of(place(data), source);
  }

  public static int mode(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:mode") & 07777;
  }

  public static int owner(Path path, String which) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:" + which, LinkOption.NOFOLLOW_LINKS);
  }

  public static boolean root() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }
}
