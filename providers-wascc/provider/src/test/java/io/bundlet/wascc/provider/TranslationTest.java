package io.bundlet.wascc.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.image.ImageRef;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.Port;
import io.bundlet.api.runtime.Resources;
import io.bundlet.api.wasm.GuestSpec;
import io.bundlet.wasmprovider.Defaults;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TranslationTest {
  private static final Path MODULE = Path.of("/store/a.wasm");
  private final ContainerConfig.Builder container =
      ContainerConfig.of("c", 0, new ImageRef("file:/a.wasm", "sha256:1"), "c/0.log");

  private GuestSpec guest() {
    return Translation.guest(container.build(), "endive", MODULE, new Defaults("wasmtime", 64 << 20));
  }

  @Test
  void anActorWithoutPortsHasNoBindings() {
    GuestSpec guest = guest();
    assertEquals("endive", guest.engine());
    assertEquals("wapc", guest.protocol());
    assertEquals(MODULE, guest.module());
    assertEquals("sha256:1", guest.digest());
    assertEquals(64 << 20, guest.limits().memoryBytes());
    assertEquals(Map.of(), guest.bindings());
  }

  @Test
  void aPortNamedLineBindsTheLineCapability() {
    container.ports(List.of(new Port("web", 80, 0, "TCP", ""), new Port("line", 7007, 0, "TCP", "")));
    assertEquals(Map.of("bundlet:line", Map.of("port", "7007", "host", "127.0.0.1")), guest().bindings());

    container.ports(List.of(new Port("line", 7007, 0, "TCP", "10.0.0.1")));
    assertEquals("10.0.0.1", guest().bindings().get("bundlet:line").get("host"));
  }

  @Test
  void theContainerChoosesItsMemory() {
    container.resources(new Resources(0, 0, 0, 1 << 20));
    assertEquals(1 << 20, guest().limits().memoryBytes());
  }
}
