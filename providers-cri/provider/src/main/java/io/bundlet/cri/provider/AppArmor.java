package io.bundlet.cri.provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this kernel has AppArmor, by the file in which it says so. Where it has not, runtimes refuse any profile. */
final class AppArmor {
  private static final Path ENABLED = Path.of("/sys/module/apparmor/parameters/enabled");

  private AppArmor() {}

  static boolean here() {
    try {
      return Files.isReadable(ENABLED) && Files.readString(ENABLED).startsWith("Y");
    } catch (IOException unreadable) {
      return false;
    }
  }
}
