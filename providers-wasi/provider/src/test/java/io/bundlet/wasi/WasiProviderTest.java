package io.bundlet.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.image.ImageRef;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.Mount;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.Port;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Resources;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.wasm.EngineState;
import io.bundlet.sections.FeatureModules;
import io.bundlet.wasmprovider.FakeHost;
import io.bundlet.wasmprovider.FakeStore;
import io.bundlet.wasmprovider.Heard;
import java.lang.annotation.Annotation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WasiProviderTest {
  private record Settings(String engine, long memory_limit) implements WasiProvider.Config {
    @Override
    public Class<? extends Annotation> annotationType() {
      return WasiProvider.Config.class;
    }
  }

  private static final ImageRef IMAGE = new ImageRef("file:/modules/hello.wasm", "sha256:12");
  private static final SandboxId SANDBOX = new SandboxId("s");

  @TempDir Path directory;
  private final FakeHost host = new FakeHost();
  private final FakeStore store = new FakeStore();
  private final WasiProvider provider = new WasiProvider(new Settings("wasmtime", 1 << 20));
  private final Heard heard = new Heard();

  private SandboxConfig pod(Map<String, String> annotations) {
    return SandboxConfig.of(new PodId("default", "p", "u"), 0, new Owner("n"), directory)
        .annotations(annotations)
        .build();
  }

  private ContainerConfig.Builder container() {
    return ContainerConfig.of("main", 0, IMAGE, "main/0.log");
  }

  private void create(ContainerConfig config, Map<String, String> annotations) throws ProviderFailure {
    provider.bindHost(host);
    provider.bindStore(store);
    provider.createContainer(SANDBOX, config, pod(annotations));
  }

  @Test
  void theModulesFileNameIsTheProgramsNameUnlessThereIsACommand() throws Exception {
    create(container().args(List.of("-v", "x")).build(), Map.of());
    assertEquals(List.of("hello.wasm", "-v", "x"), host.guest.args());
    create(container().command(List.of("greet", "-q")).args(List.of("x")).build(), Map.of());
    assertEquals(List.of("greet", "-q", "x"), host.guest.args());
    assertEquals(Path.of("/store/12"), host.guest.module());
    assertEquals("sha256:12", host.guest.digest());
    assertEquals("", host.guest.protocol());
  }

  @Test
  void engineAndMemoryComeFromThePodOrTheConfiguration() throws Exception {
    create(container().build(), Map.of());
    assertEquals("wasmtime", host.guest.engine());
    assertEquals(1 << 20, host.guest.limits().memoryBytes());
    create(
        container().resources(new Resources(0, 0, 0, 64 << 20)).build(), Map.of("bundlet.io/wasm-engine", "endive"));
    assertEquals("endive", host.guest.engine());
    assertEquals(64 << 20, host.guest.limits().memoryBytes());
    create(container().resources(new Resources(0, 0, 0, 64L << 30)).build(), Map.of());
    assertEquals(4L << 30, host.guest.limits().memoryBytes());
  }

  @Test
  void aModuleThatTheConfiguredEngineCannotRunGoesToAnother() throws Exception {
    store.file = Files.write(directory.resolve("module"), FeatureModules.bytes("tail-call"));
    host.refusing.add("wasmtime");
    create(container().build(), Map.of());
    assertEquals("endive", host.guest.engine());
    assertEquals(List.of("wasmtime", "endive"), host.tried);
    create(container().build(), Map.of());
    assertEquals(List.of("wasmtime", "endive", "endive"), host.tried, "what it needs is remembered");
    ProviderFailure failure =
        assertThrows(
            ProviderFailure.class, () -> create(container().build(), Map.of("bundlet.io/wasm-engine", "wasmtime")));
    assertEquals(ProviderFailure.INVALID, failure.kind());
    assertTrue(
        failure.getMessage().startsWith("default/p/main: file:/modules/hello.wasm needs tail-call"),
        failure.getMessage());
  }

  @Test
  void whatAnEngineRefusesForAnotherReasonStaysRefused() throws Exception {
    store.file = Files.write(directory.resolve("module"), FeatureModules.bytes("simd"));
    host.refusing.add("wasmtime");
    assertEquals(
        "wasmtime refuses it",
        assertThrows(ProviderFailure.class, () -> create(container().build(), Map.of())).getMessage());
    assertEquals(List.of("wasmtime"), host.tried);
  }

  @Test
  void theProgramsNameCanBeOmitted() throws Exception {
    create(container().args(List.of("-v", "x")).build(), Map.of("bundlet.io/argv0", "omit"));
    assertEquals(List.of("-v", "x"), host.guest.args());
    create(
        container().command(List.of("greet", "-q")).args(List.of("x")).build(), Map.of("bundlet.io/argv0", "omit"));
    assertEquals(List.of("-q", "x"), host.guest.args());
    create(container().build(), Map.of("bundlet.io/argv0", "omit"));
    assertEquals(List.of(), host.guest.args());
    assertInvalid("bundlet.io/argv0", "greet");
  }

  @Test
  void whereAGuestIsToldToStopIsADirectory() throws Exception {
    create(container().build(), Map.of());
    assertEquals("", host.guest.stopDirectory());
    create(container().build(), Map.of("bundlet.io/stop-file", "/run/bundlet"));
    assertEquals("/run/bundlet", host.guest.stopDirectory());
    for (String path : List.of("run", "/", "/run/../etc", "/run/", "/run\0/x")) {
      assertInvalid("bundlet.io/stop-file", path);
    }
  }

  @Test
  void whoListensIsGivenHisPortsOnAnEngineThatHasSockets() throws Exception {
    List<Port> ports = List.of(
        new Port("http", 8080, 8080, "TCP", ""), new Port("", 8081, 8081, "TCP", "127.0.0.1"));
    host.engines.set(0, FakeHost.engine("endive", Set.of(), Set.of(EngineState.PREVIEW1)));
    create(container().ports(ports).build(), Map.of());
    assertEquals(List.of(), host.guest.listen());
    assertEquals("wasmtime", host.guest.engine());
    assertFalse(host.container.env().containsKey("LISTEN_FDS"));
    create(container().ports(ports).build(), Map.of("bundlet.io/sockets", "listen"));
    assertEquals("endive", host.guest.engine());
    assertEquals(
        List.of(new InetSocketAddress(8080), new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8081)),
        host.guest.listen());
    assertEquals("2", host.container.env().get("LISTEN_FDS"));
    assertEquals("http:unknown", host.container.env().get("LISTEN_FDNAMES"));
    assertInvalid("bundlet.io/sockets", "connect");
    ProviderFailure refused = assertThrows(
        ProviderFailure.class, () -> create(
            container().ports(ports).build(),
            Map.of("bundlet.io/sockets", "listen", "bundlet.io/wasm-engine", "wasmtime")));
    assertTrue(refused.getMessage().contains(" needs sockets, which the engine wasmtime lacks"), refused.getMessage());
    for (Port port : List.of(
        new Port("x", 80, 0, "TCP", ""), new Port("x", 80, 81, "TCP", ""), new Port("x", 80, 80, "UDP", ""))) {
      assertTrue(assertThrows(
          ProviderFailure.class, () -> create(
              container().ports(List.of(port)).build(), Map.of("bundlet.io/sockets", "listen"))).getMessage()
          .startsWith("default/p/main: port 80: annotation bundlet.io/sockets wants ports for TCP"), port.toString());
    }
    ProviderFailure nowhere = assertThrows(
        ProviderFailure.class, () -> create(
            container().ports(List.of(new Port("x", 1, 1, "TCP", "example.com"))).build(),
            Map.of("bundlet.io/sockets", "listen")));
    assertEquals("default/p/main: port 1: hostIP \"example.com\" is no address", nowhere.getMessage());
  }

  private void assertInvalid(String annotation, String value) {
    ProviderFailure failure =
        assertThrows(ProviderFailure.class, () -> create(container().build(), Map.of(annotation, value)));
    assertEquals(ProviderFailure.INVALID, failure.kind());
    assertTrue(failure.getMessage().contains(annotation), failure.getMessage());
  }

  @Test
  void theWorkingDirectoryIsInPwd() throws Exception {
    create(container().workingDir("/data").env(Map.of("A", "b")).build(), Map.of());
    assertEquals(Map.of("A", "b", "PWD", "/data"), host.container.env());
    create(container().workingDir("/data").env(Map.of("PWD", "/own")).build(), Map.of());
    assertEquals(Map.of("PWD", "/own"), host.container.env());
  }

  @Test
  void onlyDirectoriesAndFilesCanBeMounted() throws Exception {
    create(container().mounts(List.of(new Mount("/data", directory, true))).build(), Map.of());
    Path regular = Files.createFile(directory.resolve("regular"));
    create(container().mounts(List.of(new Mount("/etc/app", regular, true))).build(), Map.of());
    Path file = Path.of("/dev/null");
    ProviderFailure failure =
        assertThrows(
            ProviderFailure.class,
            () -> create(container().mounts(List.of(new Mount("/etc/hosts", file, true))).build(), Map.of()));
    assertEquals(ProviderFailure.INVALID, failure.kind());
    assertTrue(failure.getMessage().startsWith("default/p/main: mount /etc/hosts: "), failure.getMessage());
  }

  @Test
  void isReadyWhenHostAndEngineAreThere() {
    assertEquals("WasmHostMissing", provider.status().reason());
    provider.subscribe(heard);
    provider.bindHost(host);
    assertTrue(provider.status().ready());
    assertTrue(heard.statuses.getLast().ready());
    host.engines.clear();
    host.listeners.forEach(listener -> listener.gap());
    assertEquals("EngineMissing", heard.statuses.getLast().reason());
    assertFalse(provider.status().ready());
    provider.modified(new Settings("endive", 1 << 20));
    assertTrue(provider.status().message().contains("engine endive"), provider.status().message());
  }
}
