package io.bundlet.core.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ProviderFailure;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;

/** The rows hostname and domain of kubelet-wire.md §5.3. */
class PodHostnameTest {
  private static PodBuilder pod(String name) {
    return new PodBuilder().withNewMetadata().withNamespace("shop").withName(name).endMetadata().withNewSpec()
        .endSpec();
  }

  private static PodHostname of(PodBuilder pod) throws ProviderFailure {
    return PodHostname.of(pod.build(), "cluster.local");
  }

  @Test
  void thePodsNameCutToALabel() throws ProviderFailure {
    assertEquals(new PodHostname("web", "", "web"), of(pod("web")));
    String cut = "a".repeat(62);
    assertEquals(cut, of(pod(cut + "-b.c")).host());
    assertEquals("web.blue", of(pod("web.blue")).host());
  }

  @Test
  void aHostnameAndItsSubdomain() throws ProviderFailure {
    assertEquals(
        new PodHostname("db", "data.shop.svc.cluster.local", "db"),
        of(pod("web").editSpec().withHostname("db").withSubdomain("data").endSpec()));
    assertEquals("data.shop.svc", PodHostname.of(pod("web").editSpec().withSubdomain("data").endSpec().build(), "")
        .domain());
  }

  @Test
  void theFullNameInTheKernel() throws ProviderFailure {
    assertEquals(
        "web.data.shop.svc.cluster.local",
        of(pod("web").editSpec().withSubdomain("data").withSetHostnameAsFQDN(true).endSpec()).inKernel());
    assertEquals("web", of(pod("web").editSpec().withSetHostnameAsFQDN(true).endSpec()).inKernel());
    Pod tooLong =
        pod("a".repeat(60)).editSpec().withSubdomain("data").withSetHostnameAsFQDN(true).endSpec().build();
    ProviderFailure failure = assertThrows(ProviderFailure.class, () -> PodHostname.of(tooLong, "cluster.local"));
    assertTrue(failure.getMessage().startsWith("spec.setHostnameAsFQDN: "), failure.getMessage());
    assertTrue(failure.getMessage().contains("at most 64 characters"), failure.getMessage());
  }

  @Test
  void anOverrideGoesOverEverything() throws ProviderFailure {
    assertEquals(
        new PodHostname("legacy.example.com", "", "legacy.example.com"),
        of(pod("web").editSpec().withHostname("db").withSubdomain("data").withHostnameOverride("legacy.example.com")
        .endSpec()));
  }

  @Test
  void whatIsNoNameIsRefusedByField() {
    assertTrue(refused(pod("web").editSpec().withHostname("Not_one").endSpec())
        .startsWith("spec.hostname: \"Not_one\""));
    assertTrue(refused(pod("web").editSpec().withSubdomain("a.b").endSpec()).startsWith("spec.subdomain: \"a.b\""));
    assertTrue(refused(pod("web").editSpec().withHostnameOverride("a".repeat(65)).endSpec())
        .startsWith("spec.hostnameOverride: "));
  }

  private static String refused(PodBuilder pod) {
    ProviderFailure failure = assertThrows(ProviderFailure.class, () -> of(pod));
    assertEquals(ProviderFailure.INVALID, failure.kind());
    return failure.getMessage();
  }
}
