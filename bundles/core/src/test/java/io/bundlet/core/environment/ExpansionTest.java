package io.bundlet.core.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ProviderFailure;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The row {@code $(VAR)} of kubelet-wire.md §4, and the one about commands of probes. */
class ExpansionTest {
  private static final Map<String, String> VALUES =
      Map.of("A", "1", "EMPTY", "", "DOLLAR", "$(A)", "with space", "s", "B.C-D", "dotted");

  @ParameterizedTest
  @CsvSource(delimiter = '|', nullValues = "-", value = {
    "'' | ''",
    "plain | plain",
    "$(A) | 1",
    "x$(A)y$(A)z | x1y1z",
    "$(EMPTY)| ''",
    "$(UNKNOWN) | $(UNKNOWN)",
    "$(UNKNOWN)$(A) | $(UNKNOWN)1",
    "$$ | $",
    "$$$$ | $$",
    "$$(A) | $(A)",
    "$$$(A) | $1",
    "$$$$(A) | $$(A)",
    "$A | $A",
    "${A} | ${A}",
    "$ | $",
    "a$ | a$",
    "$( | $(",
    "$(A | $(A",
    "$(A$(A) | $(A$(A)",
    "$() | $()",
    "$(DOLLAR) | $(A)",
    "$(with space) | s",
    "$(B.C-D) | dotted",
    ") | )"})
  void namesBecomeValues(String text, String expanded) throws ProviderFailure {
    assertEquals(expanded, Expansion.expand(text, VALUES::get, "f"));
  }

  @Test
  void aTextThatGrowsWithoutEndIsRefused() {
    String large = "x".repeat(Expansion.LONGEST / 2 + 1);
    ProviderFailure failure =
        assertThrows(
            ProviderFailure.class,
            () -> Expansion.expand("$(L)$(L)", Map.of("L", large)::get, "spec.containers[0].args[0]"));
    assertEquals("CreateContainerConfigError", failure.reason());
    assertTrue(failure.getMessage().startsWith("spec.containers[0].args[0]: "), failure.getMessage());
  }

  @Test
  void aProbesCommandKnowsOnlyWhatTheManifestItselfSays() throws ProviderFailure {
    var env =
        List.of(
            new EnvVarBuilder().withName("A").withValue("1").build(),
            new EnvVarBuilder().withName("TWO").withValue("$(A)").build(),
            new EnvVarBuilder().withName("FIELD").withNewValueFrom().withNewFieldRef("v1", "metadata.name")
            .endValueFrom()
                .build());
    assertEquals(
        List.of("1", "$(A)", "[]", "$(OTHER)"),
        Expansion.onlyStatic(List.of("$(A)", "$(TWO)", "[$(FIELD)]", "$(OTHER)"), env));
  }

  @Test
  void aPathKnowsNothingButSetVariables() throws ProviderFailure {
    Environment environment = new Environment(VALUES);
    assertEquals("logs/1", environment.expandStrictly("logs/$(A)", "f"));
    assertEquals("$(A)", environment.expandStrictly("$$(A)", "f"));
    ProviderFailure failure =
        assertThrows(
            ProviderFailure.class,
            () -> environment.expandStrictly("logs/$(X)", "spec.containers[0].volumeMounts[1].subPathExpr"));
    assertEquals("CreateContainerConfigError", failure.reason());
    assertEquals(
        "spec.containers[0].volumeMounts[1].subPathExpr: missing value for \"X\";"
            + " set this variable in the container's env",
        failure.getMessage());
  }

  @Test
  void commandsAndArgumentsExpandAndKeepWhatIsUnknown() throws ProviderFailure {
    assertEquals(
        List.of("echo", "1", "$(X)", "$(A)"),
        new Environment(VALUES).expand(List.of("echo", "$(A)", "$(X)", "$$(A)"), "spec.containers[0].args"));
  }
}
