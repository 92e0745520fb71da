package io.bundlet.core.container;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which container is made again after which exit. */
class RestartRulesTest {
  @ParameterizedTest
  @CsvSource(nullValues = "-", value = {
      "REGULAR, Always, -, true, true",
      "REGULAR, OnFailure, -, false, true",
      "REGULAR, Never, -, false, false",
      "REGULAR, Never, Always, true, true",
      "REGULAR, Always, OnFailure, false, true",
      "INIT, Always, -, false, true",
      "INIT, OnFailure, -, false, true",
      "INIT, Never, -, false, false",
      "SIDECAR, Never, Always, true, true",
      "SIDECAR, OnFailure, Always, true, true",
      "EPHEMERAL, Always, -, false, false"})
  void policies(ContainerType type, RestartPolicy pod, String own, boolean afterZero, boolean afterOne) {
    RestartRules rules = RestartRules.of(new ContainerBuilder().withRestartPolicy(own).build(), type, pod);
    assertEquals(afterZero, rules.restarts(0));
    assertEquals(afterOne, rules.restarts(1));
  }

  @ParameterizedTest
  @CsvSource({"In, 3, true", "In, 4, false", "NotIn, 3, false", "NotIn, 4, true", "Near, 3, false"})
  void rules(String operator, int code, boolean restarts) {
    RestartRules rules =
        RestartRules.of(
            new ContainerBuilder().withRestartPolicy("Never")
                .addNewRestartPolicyRule().withAction("Restart")
                .withNewExitCodes().withOperator(operator).withValues(3).endExitCodes().endRestartPolicyRule()
                .build(),
            ContainerType.REGULAR, RestartPolicy.Always);
    assertEquals(restarts, rules.restarts(code));
  }
}
