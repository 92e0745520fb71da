package io.bundlet.core.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.objects.ObjectKey;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.fake.FakeObjects;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows of kubelet-wire.md §4, except {@code $(VAR)} itself. */
class EnvironmentResolverTest {
  private static final String PATH = "spec.containers[0]";
  private final FakeObjects objects = new FakeObjects();
  private final List<String> events = new ArrayList<>();
  private ServiceSource services = ServiceSource.NONE;
  private List<String> podIps = List.of("10.0.0.7", "fd00::7");
  private boolean links = true;

  private static ContainerBuilder container() {
    return new ContainerBuilder().withName("main").withImage("img");
  }

  private Pod pod(Container container) {
    return new PodBuilder()
        .withNewMetadata().withNamespace("default").withName("web").withUid("u-1")
        .addToLabels("app", "shop").addToLabels("example.com/tier", "front").addToAnnotations("note", "n").endMetadata()
        .withNewSpec().withEnableServiceLinks(links).withServiceAccountName("robot")
        .addToContainers(container)
        .addNewContainer().withName("other").withNewResources()
        .addToLimits("memory", new Quantity("10Mi")).endResources().endContainer()
        .endSpec().build();
  }

  private Map<String, String> resolve(ContainerBuilder container) throws ProviderFailure {
    Container built = container.build();
    return new EnvironmentResolver(
            pod(built),
            new Surroundings(
                "node-1", List.of("192.0.2.1", "2001:db8::1"), podIps,
                Map.of("cpu", new Quantity("2"), "memory", new Quantity("1Gi"), "ephemeral-storage",
                    new Quantity("5Gi")),
                objects, services,
                (path, type, reason, message) -> events.add(path + " " + type + " " + reason + " " + message)))
        .resolve(built, PATH).variables();
  }

  private ProviderFailure fails(ContainerBuilder container) {
    ProviderFailure failure = assertThrows(ProviderFailure.class, () -> resolve(container));
    assertEquals("CreateContainerConfigError", failure.reason());
    return failure;
  }

  private static ContainerBuilder field(String path) {
    return container().addNewEnv().withName("V").withNewValueFrom().withNewFieldRef("v1", path).endValueFrom().endEnv();
  }

  private static ContainerBuilder resource(String resource, String divisor, String of) {
    return container()
        .withNewResources()
        .addToLimits("cpu", new Quantity("1500m")).addToRequests("cpu", new Quantity("1001m"))
        .addToRequests("memory", new Quantity("64Mi")).addToLimits("hugepages-2Mi", new Quantity("4Mi")).endResources()
        .addNewEnv().withName("V").withNewValueFrom().withNewResourceFieldRef()
        .withContainerName(of).withResource(resource).withDivisor(divisor == null ? null : new Quantity(divisor))
        .endResourceFieldRef().endValueFrom().endEnv();
  }

  private static ContainerBuilder configMapKey(String name, String key, Boolean optional) {
    return container().addNewEnv().withName("V").withNewValueFrom()
        .withNewConfigMapKeyRef(key, name, optional).endValueFrom().endEnv();
  }

  private static ContainerBuilder secretKey(String name, String key, Boolean optional) {
    return container().addNewEnv().withName("V").withNewValueFrom()
        .withNewSecretKeyRef(key, name, optional).endValueFrom().endEnv();
  }

  @Test
  void servicesAreLessThanEnvFromIsLessThanEnvAndLaterWins() throws ProviderFailure {
    services = namespace -> List.of(
        new ServiceSource.Service("db", "10.1.0.1", List.of(new ServiceSource.Port("", 5432, "TCP"))));
    objects.configMap("one", Map.of("DB_SERVICE_HOST", "one", "A", "one", "B", "one", "C", "one"));
    objects.configMap("two", Map.of("B", "two", "C", "two"));
    Map<String, String> env =
        resolve(
            container()
                .addNewEnvFrom().withNewConfigMapRef("one", null).endEnvFrom()
                .addNewEnvFrom().withNewConfigMapRef("two", null).endEnvFrom()
                .addNewEnv().withName("C").withValue("env").endEnv()
                .addNewEnv().withName("D").withValue("first").endEnv()
                .addNewEnv().withName("D").withValue("second of $(D)").endEnv());
    assertEquals("one", env.get("DB_SERVICE_HOST"));
    assertEquals("5432", env.get("DB_SERVICE_PORT"));
    assertEquals("one", env.get("A"));
    assertEquals("two", env.get("B"));
    assertEquals("env", env.get("C"));
    assertEquals("second of first", env.get("D"));
  }

  @Test
  void valuesExpandWithWhatWasSetBeforeThenWithServices() throws ProviderFailure {
    services = namespace -> List.of(
        new ServiceSource.Service("db", "10.1.0.1", List.of(new ServiceSource.Port("", 5432, "TCP"))));
    objects.configMap("one", Map.of("FROM", "map", "RAW", "$(FROM)"));
    Map<String, String> env =
        resolve(
            container()
                .addNewEnvFrom().withNewConfigMapRef("one", null).endEnvFrom()
                .addNewEnv().withName("EARLY").withValue("$(LATE)").endEnv()
                .addNewEnv().withName("LATE").withValue("late").endEnv()
                .addNewEnv().withName("ALL").withValue("$(FROM) $(LATE) $(RAW) $(DB_SERVICE_HOST) $(NONE) $$(LATE)")
                .endEnv());
    assertEquals("$(LATE)", env.get("EARLY"));
    assertEquals("$(FROM)", env.get("RAW"), "what comes from an object is not expanded");
    assertEquals("map late $(FROM) 10.1.0.1 $(NONE) $(LATE)", env.get("ALL"));
  }

  @Test
  void envFromPutsThePrefixBeforeKeysAndLeavesBinaryDataOut() throws ProviderFailure {
    objects.configMap("map", Map.of("key", "v"), Map.of("blob", new byte[] {1}));
    objects.secret("sec", Map.of("token", "t"));
    Map<String, String> env =
        resolve(
            container()
                .addNewEnvFrom().withPrefix("CM_").withNewConfigMapRef("map", null).endEnvFrom()
                .addNewEnvFrom().withPrefix("S_").withNewSecretRef("sec", null).endEnvFrom());
    assertEquals(Map.of("CM_key", "v", "S_token", "t"), env);
  }

  @Test
  void envFromAMissingObjectFailsUnlessItIsOptional() throws ProviderFailure {
    assertEquals(
        "spec.containers[0].envFrom[0].configMapRef: configmap \"gone\" not found in namespace default; add it, or set "
            + "optional: true",
        fails(container().addNewEnvFrom().withNewConfigMapRef("gone", null).endEnvFrom()).getMessage());
    assertEquals(
        "spec.containers[0].envFrom[0].secretRef: secret \"gone\" not found in namespace default; add it, or set "
            + "optional: true",
        fails(container().addNewEnvFrom().withNewSecretRef("gone", false).endEnvFrom()).getMessage());
    assertEquals(
        Map.of(),
        resolve(
            container()
                .addNewEnvFrom().withNewConfigMapRef("gone", true).endEnvFrom()
                .addNewEnvFrom().withNewSecretRef("gone", true).endEnvFrom()));
  }

  @Test
  void keysThatCanBeNoNamesAreLeftOutAndTold() throws ProviderFailure {
    // The rule of 1.32: any printable ASCII but "="; keys that were refused before are names now.
    objects.configMap("map", Map.of("1.a-b", "ok", "with=sign", "no", "\u00fc", "no", "a b", "ok"));
    assertEquals(
        Map.of("1.a-b", "ok", "a b", "ok"),
        resolve(container().addNewEnvFrom().withNewConfigMapRef("map", null).endEnvFrom()));
    assertEquals(
        List.of(
            "spec.containers{main} Warning InvalidEnvironmentVariableNames Keys [with=sign, \u00fc] from the EnvFrom "
                + "configMap default/map were skipped since they are considered invalid environment variable names."),
        events);
    events.clear();
    objects.secret("sec", Map.of("x=y", "no"));
    assertEquals(Map.of(), resolve(container().addNewEnvFrom().withNewSecretRef("sec", null).endEnvFrom()));
    assertTrue(events.getFirst().contains("Keys [x=y] from the EnvFrom secret default/sec"), events.getFirst());
  }

  @Test
  void aKeyOfAConfigMap() throws ProviderFailure {
    objects.configMap("map", Map.of("k", "v"), Map.of("blob", new byte[] {1}));
    assertEquals(Map.of("V", "v"), resolve(configMapKey("map", "k", null)));
    assertEquals(
        "spec.containers[0].env[0].valueFrom.configMapKeyRef: couldn't find key x in ConfigMap default/map; it has k",
        fails(configMapKey("map", "x", null)).getMessage());
    assertTrue(fails(configMapKey("map", "blob", null)).getMessage().contains("it is in binaryData"));
    assertEquals(
        "spec.containers[0].env[0].valueFrom.configMapKeyRef: configmap \"gone\" not found in namespace default;"
            + " add it, "
            + "or set optional: true",
        fails(configMapKey("gone", "k", null)).getMessage());
    assertEquals(Map.of(), resolve(configMapKey("map", "x", true)));
    assertEquals(Map.of(), resolve(configMapKey("gone", "k", true)));
  }

  @Test
  void aKeyOfASecretWhoseValuesAreNeverShown() throws ProviderFailure {
    objects.secret("sec", Map.of("k", "hush"));
    assertEquals(Map.of("V", "hush"), resolve(secretKey("sec", "k", null)));
    String message = fails(secretKey("sec", "x", null)).getMessage();
    assertEquals(
        "spec.containers[0].env[0].valueFrom.secretKeyRef: couldn't find key x in Secret default/sec; it has k",
        message);
    assertFalse(message.contains("hush"));
    assertTrue(fails(secretKey("gone", "k", false)).getMessage().contains("secret \"gone\" not found"));
    assertEquals(Map.of(), resolve(secretKey("sec", "x", true)));
    assertEquals(Map.of(), resolve(secretKey("gone", "k", true)));
  }

  @Test
  void aValueThatIsNoTextCannotBeAVariable() {
    objects.secretOfBytes("sec", Map.of("latin", new byte[] {(byte) 0xe9}, "zero", new byte[] {0}));
    assertTrue(fails(secretKey("sec", "latin", null)).getMessage().contains("not text in UTF-8"));
    assertTrue(fails(secretKey("sec", "zero", null)).getMessage().contains("holds a zero character"));
  }

  @Test
  void whatCannotBeReadNowIsTriedAgain() {
    objects.failure = java.util.Optional.of(ProviderFailure.of(ProviderFailure.UNAVAILABLE, "the source is away"));
    ProviderFailure failure = fails(configMapKey("map", "k", true));
    assertEquals(ProviderFailure.UNAVAILABLE, failure.kind());
    assertEquals(
        "spec.containers[0].env[0].valueFrom.configMapKeyRef: the source is away", failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "metadata.name | web",
    "metadata.namespace | default",
    "metadata.uid | u-1",
    "metadata.labels['app'] | shop",
    "metadata.labels['example.com/tier'] | front",
    "metadata.labels['none'] | ''",
    "metadata.annotations['note'] | n",
    "metadata.annotations['none'] | ''",
    "spec.nodeName | node-1",
    "spec.serviceAccountName | robot",
    "status.hostIP | 192.0.2.1",
    "status.hostIPs | 192.0.2.1,2001:db8::1",
    "status.podIP | 10.0.0.7",
    "status.podIPs | 10.0.0.7,fd00::7"})
  void fields(String path, String value) throws ProviderFailure {
    assertEquals(Map.of("V", value), resolve(field(path)));
  }

  @ParameterizedTest
  @CsvSource({"status.phase", "metadata.labels", "metadata.annotations", "metadata.labels[app]", "spec.containers",
      "''"})
  void fieldsThatNoVariableCanHave(String path) {
    String message = fails(field(path)).getMessage();
    assertTrue(message.startsWith("spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: \"" + path
        + "\" is no field"),
        message);
  }

  @Test
  void aPodWithoutAddressHasAnEmptyOne() throws ProviderFailure {
    podIps = List.of();
    assertEquals(Map.of("V", ""), resolve(field("status.podIP")));
    assertEquals(Map.of("V", ""), resolve(field("status.podIPs")));
  }

  @ParameterizedTest
  @CsvSource(nullValues = "-", value = {
    // resource, divisor, container; value
    "limits.cpu, -, -, 2",
    "limits.cpu, 0, -, 2",
    "limits.cpu, 1m, -, 1500",
    "limits.cpu, 1, main, 2",
    "limits.cpu, 3, -, 1",
    "requests.cpu, 1m, -, 1001",
    "requests.cpu, -, -, 2",
    "requests.cpu, 10m, -, 101",
    "requests.memory, -, -, 67108864",
    "requests.memory, 1Mi, -, 64",
    "requests.memory, 1M, -, 68",
    // without a limit: what the node has
    "limits.memory, 1Mi, -, 1024",
    "limits.ephemeral-storage, 1Gi, -, 5",
    "limits.memory, 3Mi, other, 4",
    "limits.cpu, 1m, other, 2000",
    "requests.ephemeral-storage, -, -, 0",
    "limits.hugepages-2Mi, 1Mi, -, 4",
    "requests.hugepages-1Gi, -, -, 0"})
  void resources(String resource, String divisor, String of, String value) throws ProviderFailure {
    assertEquals(value, resolve(resource(resource, divisor, of)).get("V"));
  }

  @Test
  void resourcesThatAreNone() {
    assertTrue(fails(resource("limits.gpu", null, null)).getMessage()
        .startsWith("spec.containers[0].env[0].valueFrom.resourceFieldRef.resource:"
            + " \"limits.gpu\" is no such resource"));
    assertTrue(fails(resource("cpu", null, null)).getMessage().contains("\"cpu\" is no such resource"));
    assertEquals(
        "spec.containers[0].env[0].valueFrom.resourceFieldRef.containerName: the pod has no container \"nobody\"",
        fails(resource("limits.cpu", null, "nobody")).getMessage());
    assertTrue(fails(resource("limits.cpu", "-1", null)).getMessage().contains(".divisor: \"-1\" is less than 0"));
  }

  @Test
  void aPodsOwnLimitComesBeforeTheNodes() throws ProviderFailure {
    Container container =
        container().addNewEnv().withName("V").withNewValueFrom().withNewResourceFieldRef().withResource("limits.memory")
            .endResourceFieldRef().endValueFrom().endEnv().build();
    Pod pod = pod(container);
    pod.getSpec().setResources(
        new io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder().addToLimits("memory", new Quantity("1k"))
        .build());
    Surroundings around =
        new Surroundings(
            "n", List.of(), List.of(), Map.of("memory", new Quantity("1Gi")), objects, services, (a, b, c, d) -> {});
    assertEquals("1000", new EnvironmentResolver(pod, around).resolve(container, PATH).variables().get("V"));
  }

  @Test
  void servicesOfTheNamespaceOnlyIfThePodWantsThemTheApiServerAlways() throws ProviderFailure {
    services = namespace -> namespace.equals("default")
        ? List.of(
            new ServiceSource.Service("kubernetes", "10.1.0.1", List.of(new ServiceSource.Port("https", 443, "TCP"))),
            new ServiceSource.Service("db", "10.1.0.2", List.of()))
        : List.of();
    assertTrue(resolve(container()).keySet().containsAll(Set.of("KUBERNETES_SERVICE_HOST", "DB_SERVICE_HOST")));
    links = false;
    assertTrue(resolve(container()).containsKey("KUBERNETES_SERVICE_HOST"));
    assertFalse(resolve(container()).containsKey("DB_SERVICE_HOST"));
  }

  @Test
  void namesOfServiceVariables() throws ProviderFailure {
    services = namespace -> List.of(
        new ServiceSource.Service(
            "my-db", "10.1.0.2",
            List.of(new ServiceSource.Port("sql-main", 5432, "TCP"), new ServiceSource.Port("", 53, "UDP"))),
        new ServiceSource.Service("six", "fd00::1", List.of(new ServiceSource.Port("", 80, "TCP"))));
    Map<String, String> env = resolve(container());
    assertEquals(
        Map.ofEntries(
            Map.entry("MY_DB_SERVICE_HOST", "10.1.0.2"),
            Map.entry("MY_DB_SERVICE_PORT", "5432"),
            Map.entry("MY_DB_SERVICE_PORT_SQL_MAIN", "5432"),
            Map.entry("MY_DB_PORT", "tcp://10.1.0.2:5432"),
            Map.entry("MY_DB_PORT_5432_TCP", "tcp://10.1.0.2:5432"),
            Map.entry("MY_DB_PORT_5432_TCP_PROTO", "tcp"),
            Map.entry("MY_DB_PORT_5432_TCP_PORT", "5432"),
            Map.entry("MY_DB_PORT_5432_TCP_ADDR", "10.1.0.2"),
            Map.entry("MY_DB_PORT_53_UDP", "udp://10.1.0.2:53"),
            Map.entry("MY_DB_PORT_53_UDP_PROTO", "udp"),
            Map.entry("MY_DB_PORT_53_UDP_PORT", "53"),
            Map.entry("MY_DB_PORT_53_UDP_ADDR", "10.1.0.2"),
            Map.entry("SIX_SERVICE_HOST", "fd00::1"),
            Map.entry("SIX_SERVICE_PORT", "80"),
            Map.entry("SIX_PORT", "tcp://[fd00::1]:80"),
            Map.entry("SIX_PORT_80_TCP", "tcp://[fd00::1]:80"),
            Map.entry("SIX_PORT_80_TCP_PROTO", "tcp"),
            Map.entry("SIX_PORT_80_TCP_PORT", "80"),
            Map.entry("SIX_PORT_80_TCP_ADDR", "fd00::1")),
        env);
  }

  @Test
  void withoutAWordOnServiceLinksOrBeforeServicesAreKnownNothingIsMade() {
    Pod pod = pod(container().build());
    pod.getSpec().setEnableServiceLinks(null);
    Surroundings around =
        new Surroundings("n", List.of(), List.of(), Map.of(), objects, services, (a, b, c, d) -> {});
    ProviderFailure nil =
        assertThrows(
            ProviderFailure.class, () -> new EnvironmentResolver(pod, around).resolve(container().build(), PATH));
    assertEquals("CreateContainerConfigError", nil.reason());
    assertTrue(nil.getMessage().startsWith("spec.enableServiceLinks: "), nil.getMessage());
    services = namespace -> {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "services have not been read yet");
    };
    assertEquals("spec.enableServiceLinks: services have not been read yet", fails(container()).getMessage());
  }

  @Test
  void anEnvironmentIsBounded() {
    ContainerBuilder laughs = container().addNewEnv().withName("V0").withValue("x".repeat(1000)).endEnv();
    for (int i = 1; i < 30; i++) {
      laughs.addNewEnv().withName("V" + i).withValue(("$(V" + (i - 1) + ")").repeat(2)).endEnv();
    }
    assertTrue(fails(laughs).getMessage().matches("spec\\.containers\\[0]\\.env\\[\\d+].*(1|2) MiB.*"));
    String half = "y".repeat(1 << 19);
    objects.configMap("map", Map.of("A", half, "B", half, "C", half, "D", half));
    assertTrue(
        fails(container().addNewEnvFrom().withNewConfigMapRef("map", null).endEnvFrom()).getMessage()
            .contains("larger than 2 MiB"));
  }

  @Test
  void filesAreNotReadForVariables() {
    ContainerBuilder file =
        container().addNewEnv().withName("V").withNewValueFrom().withNewFileKeyRef("K", false, "a.env", "vol")
            .endValueFrom().endEnv();
    assertTrue(fails(file).getMessage().startsWith("spec.containers[0].env[0].valueFrom: needs one of"));
  }

  @Test
  void theObjectsThatAPodRefersTo() {
    Container container =
        container()
            .addNewEnvFrom().withNewConfigMapRef("a", null).endEnvFrom()
            .addNewEnvFrom().withNewSecretRef("b", null).endEnvFrom()
            .addNewEnv().withName("V").withNewValueFrom().withNewConfigMapKeyRef("k", "c", null).endValueFrom().endEnv()
            .addNewEnv().withName("W").withNewValueFrom().withNewSecretKeyRef("k", "d", null).endValueFrom().endEnv()
            .build();
    assertEquals(
        Set.of(
            ObjectKey.configMap("default", "a"), ObjectKey.secret("default", "b"), ObjectKey.configMap("default", "c"),
            ObjectKey.secret("default", "d")),
        ObjectReferences.of(pod(container)));
  }
}
