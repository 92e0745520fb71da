package io.bundlet.core.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Which machine this is, as its system says; what it does not say is empty.
 *
 * @param hostname its name
 * @param machineId of the installed system
 * @param systemUuid of the hardware; the system's id where only root may read it
 * @param bootId another one after each start of the machine
 * @param kernelVersion such as {@code 6.1.0-18-amd64}
 * @param osImage the name of the installed system, for people
 */
public record MachineIdentity(
    String hostname, String machineId, String systemUuid, String bootId, String kernelVersion, String osImage) {
  private static final int LONGEST = 4096;
  private static final String PRETTY_NAME = "PRETTY_NAME=";

  /** Looks at the machine whose files are below {@code root}. */
  public static MachineIdentity of(Path root) {
    String machine = line(root.resolve("etc/machine-id"));
    String system = line(root.resolve("sys/class/dmi/id/product_uuid"));
    return new MachineIdentity(
        line(root.resolve("proc/sys/kernel/hostname")), machine, system.isEmpty() ? machine : system,
        line(root.resolve("proc/sys/kernel/random/boot_id")), line(root.resolve("proc/sys/kernel/osrelease")),
        image(root.resolve("etc/os-release")));
  }

  private static String line(Path file) {
    return lines(file).findFirst().orElse("").strip();
  }

  private static String image(Path file) {
    return lines(file).filter(line -> line.startsWith(PRETTY_NAME)).findFirst()
        .map(line -> line.substring(PRETTY_NAME.length()).replaceAll("^[\"']|[\"']$", "")).orElse("");
  }

  private static Stream<String> lines(Path file) {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(LONGEST), java.nio.charset.StandardCharsets.UTF_8).lines();
    } catch (IOException unknown) {
      // A machine without such a file has no such name.
      return Stream.empty();
    }
  }
}
