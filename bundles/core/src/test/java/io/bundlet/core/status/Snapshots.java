package io.bundlet.core.status;

import io.bundlet.api.runtime.Exit;
import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.container.ContainerSnapshot.Kind;
import io.bundlet.core.container.ContainerType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Containers written in short, such as {@code i:0 s:r w}: {@code i} an init container, {@code s} a sidecar, {@code e}
 * an ephemeral one, and regular ones without a letter. {@code w} waits for its first start, {@code r} runs, {@code n}
 * runs but has not started, {@code l} runs and started but is not ready, {@code b} and {@code g} wait after a bad and a
 * good exit, {@code u} is unknown, a number is an exit code. Their names are c1, c2, ...
 */
final class Snapshots {
  private Snapshots() {}

  static List<ContainerSnapshot> of(String text) {
    List<ContainerSnapshot> all = new ArrayList<>();
    for (String one : text.split(" ")) {
      int colon = one.indexOf(':');
      ContainerType type =
          switch (one.substring(0, Math.max(0, colon))) {
            case "i" -> ContainerType.INIT;
            case "s" -> ContainerType.SIDECAR;
            case "e" -> ContainerType.EPHEMERAL;
            default -> ContainerType.REGULAR;
          };
      all.add(snapshot("c" + (all.size() + 1), type, one.substring(colon + 1)));
    }
    return all;
  }

  private static ContainerSnapshot snapshot(String name, ContainerType type, String how) {
    return switch (how) {
      case "w" -> made(name, type, Kind.WAITING, Optional.empty(), Optional.empty(), false, false);
      case "r" -> made(name, type, Kind.RUNNING, Optional.empty(), Optional.empty(), true, type != ContainerType.INIT);
      case "n" -> made(name, type, Kind.RUNNING, Optional.empty(), Optional.empty(), false, false);
      case "l" -> made(name, type, Kind.RUNNING, Optional.empty(), Optional.empty(), true, false);
      case "b" -> made(name, type, Kind.WAITING, Optional.empty(), exit(1), false, false);
      case "g" -> made(name, type, Kind.WAITING, Optional.empty(), exit(0), false, false);
      case "u" -> made(name, type, Kind.UNKNOWN, Optional.empty(), Optional.empty(), false, false);
      default -> {
        int code = Integer.parseInt(how);
        boolean ready = type == ContainerType.INIT && code == 0;
        yield made(name, type, Kind.TERMINATED, exit(code), Optional.empty(), false, ready);
      }
    };
  }

  private static Optional<Exit> exit(int code) {
    return Optional.of(Exit.of(code, "", Instant.EPOCH));
  }

  private static ContainerSnapshot made(
      String name, ContainerType type, Kind kind, Optional<Exit> exit, Optional<Exit> last, boolean started,
      boolean ready) {
    return new ContainerSnapshot(
        name, type, "", kind, "", "", 0, "", "", Optional.empty(), exit, last, started, ready);
  }
}
