package io.bundlet.core.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.NodeSelectorRequirementBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.NodeSelectorTermBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeSelectionTest {
  private static final NodeSelection NODE =
      new NodeSelection("Oak", Map.of("disk", Set.of("fast"), "size", Set.of("7"), "arch", Set.of("amd64", "wasm")));

  private static boolean takes(NodeSelection node, PodSpec pod) {
    Optional<Unfit> refused = node.refuses(pod);
    refused.ifPresent(
        why -> assertEquals(
            "NodeAffinity: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
            why.reason() + ": " + why.message()));
    return refused.isEmpty();
  }

  private static PodSpec selecting(String label, String value) {
    return new PodSpecBuilder().addToNodeSelector(label, value).build();
  }

  private static PodSpec requiring(NodeSelectorTerm... terms) {
    return new PodSpecBuilder().withNewAffinity().withNewNodeAffinity()
        .withNewRequiredDuringSchedulingIgnoredDuringExecution().withNodeSelectorTerms(terms)
        .endRequiredDuringSchedulingIgnoredDuringExecution().endNodeAffinity().endAffinity().build();
  }

  private static NodeSelectorTerm term(String key, String operator, String... values) {
    return new NodeSelectorTermBuilder().withMatchExpressions(
        new NodeSelectorRequirementBuilder().withKey(key).withOperator(operator).withValues(values).build()).build();
  }

  @Test
  void aPodThatSelectsNothingIsForEveryNode() {
    assertEquals(true, takes(NODE, new PodSpec()));
    assertEquals(true, takes(NODE, selecting("disk", "fast")));
    assertEquals(false, takes(NODE, selecting("disk", "slow")));
    assertEquals(false, takes(NODE, selecting("nobody", "fast")));
  }

  @ParameterizedTest
  @CsvSource({
    "disk, In, slow fast, true", "disk, In, slow, false", "nobody, In, fast, false",
    "disk, NotIn, slow, true", "disk, NotIn, fast, false", "nobody, NotIn, fast, true",
    "disk, Exists, '', true", "nobody, Exists, '', false",
    "disk, DoesNotExist, '', false", "nobody, DoesNotExist, '', true",
    "size, Gt, 6, true", "size, Gt, 7, false", "size, Lt, 8, true", "size, Lt, 7, false",
    "disk, Gt, 1, false", "size, Gt, many, false", "size, Gt, 5 6, false", "nobody, Lt, 8, false",
    "arch, In, wasm, true", "arch, In, amd64, true", "disk, Like, fast, false"
  })
  void eachOperatorHasItsRule(String key, String operator, String values, boolean taken) {
    assertEquals(taken, takes(NODE, requiring(term(key, operator, values.isEmpty() ? new String[0]
        : values.split(" ")))));
  }

  @Test
  void oneOfTheTermsIsEnoughAndAnEmptyOneIsNone() {
    assertEquals(true, takes(NODE, requiring(term("nobody", "Exists"), term("disk", "Exists"))));
    assertEquals(false, takes(NODE, requiring(new NodeSelectorTerm())));
    assertEquals(false, takes(NODE, requiring()));
    NodeSelectorTerm byName =
        new NodeSelectorTermBuilder().withMatchFields(
            new NodeSelectorRequirementBuilder().withKey("metadata.name").withOperator("In").withValues("Oak").build())
            .build();
    assertEquals(true, takes(NODE, requiring(byName)));
    assertEquals(false, takes(new NodeSelection("Elm", Map.of()), requiring(byName)));
  }

  @Test
  void everyNodeHasTheUsualLabels() {
    NodeSelection node = NodeSelection.of("Oak", "aarch64", "wasi");
    assertEquals(true, takes(node, selecting("kubernetes.io/hostname", "oak")));
    assertEquals(true, takes(node, selecting("kubernetes.io/os", "linux")));
    assertEquals(true, takes(node, selecting("beta.kubernetes.io/arch", "arm64")));
    assertEquals(true, takes(node, selecting("kubernetes.io/arch", "wasm32-wasi")));
    assertEquals(false, takes(node, selecting("kubernetes.io/arch", "wasm32-wascc")));
    assertEquals(true, takes(NodeSelection.of("n", "x86_64", "h"), selecting("kubernetes.io/arch", "amd64")));
  }
}
