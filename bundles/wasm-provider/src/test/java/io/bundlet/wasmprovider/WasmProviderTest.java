package io.bundlet.wasmprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.image.ImageRef;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.Subscription;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class WasmProviderTest {
  private static final ContainerConfig MODULE =
      ContainerConfig.of("main", 0, new ImageRef("file:/modules/hello.wasm", "sha256:12"), "main/0.log").build();

  private final FakeHost host = new FakeHost();
  private final Heard heard = new Heard();
  private final Plain provider = new Plain();

  /** One that translates nothing. */
  private static final class Plain extends WasmProvider {
    private Plain() {
      super("plain", new Admission(List.of(), List.of())::admit, new Defaults("wasmtime", 1 << 20));
    }

    @Override
    public ContainerId createContainer(SandboxId sandbox, ContainerConfig container, SandboxConfig pod)
        throws ProviderFailure {
      module(container);
      return new ContainerId("c");
    }
  }

  @Test
  void withoutHostOrStoreCallsAreUnavailable() {
    provider.bindHost(host);
    assertUnavailable(() -> provider.createContainer(new SandboxId("s"), MODULE, null));
    assertUnavailable(() -> provider.images().find("file:/x"));
    provider.unbindHost(host);
    assertUnavailable(() -> provider.list(new Owner("n")));
  }

  private static void assertUnavailable(Executable call) {
    assertEquals(ProviderFailure.UNAVAILABLE, assertThrows(ProviderFailure.class, call).kind());
  }

  @Test
  void listenersFollowTheHostThatComesBack() {
    Subscription subscription = provider.subscribe(heard);
    provider.bindHost(host);
    assertEquals(1, host.listeners.size());
    assertEquals(1, heard.gaps);
    provider.unbindHost(host);
    assertEquals(0, host.listeners.size());
    assertFalse(heard.statuses.getLast().ready());
    FakeHost next = new FakeHost();
    provider.bindHost(next);
    assertEquals(1, next.listeners.size());
    assertEquals(2, heard.gaps);
    subscription.close();
    assertEquals(0, next.listeners.size());
    provider.unbindHost(next);
    provider.bindHost(host);
    assertEquals(0, host.listeners.size());
    assertEquals(2, heard.gaps);
  }

  @Test
  void aSecondHostReplacesTheFirstBeforeThatGoes() {
    provider.subscribe(heard);
    provider.bindHost(host);
    FakeHost next = new FakeHost();
    provider.bindHost(next);
    provider.unbindHost(host);
    assertEquals(0, host.listeners.size());
    assertEquals(1, next.listeners.size());
    assertTrue(provider.status().ready());
  }

  @Test
  void closingDownEndsItsSubscriptions() {
    provider.bindHost(host);
    provider.subscribe(heard);
    provider.stop();
    assertEquals(0, host.listeners.size());
  }

  @Test
  void aHostThatComesWhileTheOldOneIsSubscribedAtIsTheOneThatCounts() {
    FakeHost next = new FakeHost();
    provider.bindHost(host);
    host.whenSubscribed = () -> provider.bindHost(next);
    provider.subscribe(heard);
    assertEquals(0, host.listeners.size(), "the old one has let go");
    assertEquals(1, next.listeners.size());
  }
}
