package io.bundlet.core.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.runtime.Exit;
import io.bundlet.core.container.ContainerSnapshot;
import io.bundlet.core.container.ContainerSnapshot.Kind;
import io.bundlet.core.container.ContainerType;
import io.bundlet.core.container.RestartPolicy;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** w: waiting, r: running, b: waiting after a bad exit, 0 and 1: ended with that code. */
class PhasesTest {
  @ParameterizedTest
  @CsvSource({
    "w,    Always,    Pending", "r,    Always,    Running", "r w,  Always,    Pending", "r b,  Always,    Running",
    "b,    Always,    Running", "0,    Always,    Running", "1,    Always,    Running", "0,    OnFailure, Succeeded",
    "1,    OnFailure, Running", "0 1,  OnFailure, Running", "0 0,  Never,     Succeeded", "0 1,  Never,     Failed",
    "1 r,  Never,     Running", "0 w,  Never,     Pending"
  })
  void phaseOfTheContainers(String containers, RestartPolicy policy, String phase) {
    List<ContainerSnapshot> snapshots =
        Arrays.stream(containers.split(" ")).map(PhasesTest::snapshot).toList();
    assertEquals(phase, Phases.of(snapshots, policy, false));
  }

  private static ContainerSnapshot snapshot(String kind) {
    return switch (kind) {
      case "w" -> snapshot(Kind.WAITING, Optional.empty(), Optional.empty());
      case "r" -> snapshot(Kind.RUNNING, Optional.empty(), Optional.empty());
      case "b" -> snapshot(Kind.WAITING, Optional.empty(), Optional.of(exit(1)));
      default -> snapshot(Kind.TERMINATED, Optional.of(exit(Integer.parseInt(kind))), Optional.empty());
    };
  }

  private static Exit exit(int code) {
    return Exit.of(code, "", Instant.EPOCH);
  }

  private static ContainerSnapshot snapshot(Kind kind, Optional<Exit> exit, Optional<Exit> last) {
    return new ContainerSnapshot("c", ContainerType.REGULAR, "", kind, "", "", 0, "", "", Optional.empty(), exit, last,
        false, false);
  }
}
