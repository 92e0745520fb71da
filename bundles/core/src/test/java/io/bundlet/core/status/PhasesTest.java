package io.bundlet.core.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.core.container.ContainerType;
import io.bundlet.core.container.RestartPolicy;
import io.bundlet.core.container.RestartRules;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Containers as in {@link Snapshots}. */
class PhasesTest {
  private static String phase(String containers, RestartPolicy policy, boolean ends) {
    Map<String, ContainerType> types = new HashMap<>();
    Snapshots.of(containers).forEach(one -> types.put(one.name(), one.type()));
    return Phases.of(
        Snapshots.of(containers), name -> RestartRules.of(new Container(), types.get(name), policy), ends);
  }

  @ParameterizedTest
  @CsvSource({
    "0,   Always, Never,     Succeeded", "1,   Always, Never,     Failed", "0,   Always, OnFailure, Succeeded",
    "1,   Never,  OnFailure, Running", "0,   Never,  Always,    Running", "0 1, Always, Never,     Failed"
  })
  void ofContainersWithAPolicyOfTheirOwn(String containers, RestartPolicy pod, RestartPolicy own, String phase) {
    Container container = new ContainerBuilder().withRestartPolicy(own.name()).build();
    assertEquals(
        phase,
        Phases.of(
            Snapshots.of(containers), name -> RestartRules.of(container, ContainerType.REGULAR, pod), false));
  }

  @ParameterizedTest
  @CsvSource({
    "w,    Always,    Pending", "r,    Always,    Running", "r w,  Always,    Pending", "r b,  Always,    Running",
    "b,    Always,    Running", "0,    Always,    Running", "1,    Always,    Running", "0,    OnFailure, Succeeded",
    "1,    OnFailure, Running", "0 1,  OnFailure, Running", "0 0,  Never,     Succeeded", "0 1,  Never,     Failed",
    "1 r,  Never,     Running", "0 w,  Never,     Pending", "g,    OnFailure, Running", "b,    Never,     Failed",
    "u,    Always,    Pending", "r u,  Always,    Pending", "0 u,  Never,     Pending", "n,    Always,    Running"
  })
  void ofRegularContainers(String containers, RestartPolicy policy, String phase) {
    assertEquals(phase, phase(containers, policy, false));
  }

  @ParameterizedTest
  @CsvSource({
    "i:w w,         Always,    Pending", "i:r w,         Always,    Pending", "i:0 w,         Always,    Pending",
    "i:0 r,         Always,    Running", "i:b w,         Always,    Pending", "i:1 w,         Always,    Pending",
    "i:1 w,         OnFailure, Pending", "i:1 w,         Never,     Failed", "i:b w,         Never,     Failed",
    "i:0 i:1 w,     Never,     Failed", "i:0 i:r w,     Never,     Pending", "i:u w,         Always,    Pending",
    "i:1 r,         Never,     Failed", "i:0 0,         Never,     Succeeded", "i:r r,         Always,    Pending"
  })
  void ofInitContainers(String containers, RestartPolicy policy, String phase) {
    assertEquals(phase, phase(containers, policy, false));
  }

  @ParameterizedTest
  @CsvSource({
    "s:w w,         Always,    Pending", "s:n w,         Always,    Pending", "s:r w,         Always,    Pending",
    "s:r r,         Always,    Running", "s:n r,         Always,    Running", "s:b r,         Never,     Running",
    "s:1 r,         Never,     Running", "s:1 0,         Never,     Succeeded", "s:r 0,         Never,     Running",
    "s:r 0,         OnFailure, Running", "s:u r,         Always,    Pending", "s:w b,         Always,    Running",
    "s:1 i:1 w,     Never,     Failed", "e:r w,         Always,    Pending", "e:1 r,         Never,     Running",
    "e:r 0,         Never,     Succeeded"
  })
  void ofSidecarsAndEphemeralContainers(String containers, RestartPolicy policy, String phase) {
    assertEquals(phase, phase(containers, policy, false));
  }

  @ParameterizedTest
  @CsvSource({
    "0,   Always,    Succeeded", "1,   Always,    Failed", "0 1, Always,    Failed", "0,   OnFailure, Succeeded",
    "1,   OnFailure, Failed", "0 1, Never,     Failed", "0 0, Never,     Succeeded", "r 0, Always,    Running",
    "b,   Always,    Failed", "w,   Always,    Pending"
  })
  void ofAPodThatIsBeingEnded(String containers, RestartPolicy policy, String phase) {
    assertEquals(phase, phase(containers, policy, true));
  }
}
