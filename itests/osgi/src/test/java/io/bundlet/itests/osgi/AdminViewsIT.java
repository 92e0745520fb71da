package io.bundlet.itests.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.bundlet.api.admin.NodeView;
import io.bundlet.api.admin.PluginFailure;
import io.bundlet.api.admin.ProviderAdmin;
import io.bundlet.api.admin.ProviderView;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.ops4j.pax.tinybundles.TinyBundles;

/** What people are shown of the node and its exchangeable parts, a part that fails among them. */
@ExamReactorStrategy(PerClass.class)
public class AdminViewsIT extends FrameworkTest {
  private static final List<String> READY = List.of("engine wasmtime", "engine endive", "runtime wasi", "runtime wascc",
      "host-module wapc", "host-module wasi_snapshot_preview1", "host-module wasi_unstable",
      "host-module wasi_experimental_http", "capability bundlet:line");
  private static final List<String> VOLUMES =
      List.of("hostPath", "emptyDir", "configMap", "secret", "downwardAPI", "projected");
  private static final String FAILING = """
      <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="failing">
        <property name="bundlet.runtime.name" type="String" value="failing"/>
        <service><provide interface="io.bundlet.api.runtime.RuntimeProvider"/></service>
        <implementation class="io.bundlet.itests.osgi.FailingProvider"/>
      </scr:component>
      """;

  @Configuration
  public Option[] framework() throws IOException {
    List<Option> options = new ArrayList<>(Arrays.asList(Framework.of(getClass())));
    options.add(CoreOptions.streamBundle(TinyBundles.bundle()
        .symbolicName("com.vendor.failing")
        .setHeader("Bundle-ManifestVersion", "2")
        .setHeader("Service-Component", "OSGI-INF/failing.xml")
        .setHeader("Import-Package", "io.bundlet.api.runtime,io.bundlet.api.image")
        .setHeader(
            "Provide-Capability",
            "osgi.service;objectClass:List<String>=\"io.bundlet.api.runtime.RuntimeProvider\";effective:=active")
        .addClass(VendorProvider.class)
        .addClass(FailingProvider.class)
        .addResource("OSGI-INF/failing.xml", new ByteArrayInputStream(FAILING.getBytes(StandardCharsets.UTF_8)))
        .build(TinyBundles.rawBuilder())).startLevel(5));
    return options.toArray(Option[]::new);
  }

  @Test
  public void everyPartIsListedWithItsState() {
    ProviderAdmin admin = service(ProviderAdmin.class);
    int ready = READY.size() + VOLUMES.size();
    until("all are ready but the one without its runtime and the one that fails",
        () -> admin.providers().stream().filter(view -> view.state().equals("Ready")).count() == ready);
    until("the CRI provider has looked for its runtime", () ->
        admin.provider("cri").orElseThrow().message().contains("none.sock"));
    Map<String, String> states = admin.providers().stream()
        .collect(Collectors.toMap(view -> view.kind() + " " + view.name(), ProviderView::state));
    for (String part : READY) {
      assertEquals(part + " of " + states, "Ready", states.get(part));
    }
    for (String kind : VOLUMES) {
      assertEquals("Ready", states.get("volume " + kind));
    }
    assertEquals(states.toString(), ready + 2, states.size());
    ProviderView cri = admin.provider("cri").orElseThrow();
    assertEquals("NotReady", cri.state());
    assertTrue(cri.message(), cri.message().contains("none.sock"));
  }

  @Test
  public void aComponentThatFailsSaysWhy() {
    until("it has failed", () -> service(ProviderAdmin.class).provider("com.vendor.failing")
        .filter(view -> view.state().equals("Failed")).isPresent());
    ProviderView failing = service(ProviderAdmin.class).provider("com.vendor.failing").orElseThrow();
    assertEquals("failing", failing.name());
    assertEquals("Failed", failing.state());
    assertTrue(failing.message(), failing.message().contains(FailingProvider.REASON));
  }

  @Test
  public void whatCannotBeInstalledIsNamedWithWhatToDo() throws IOException {
    Path file = Files.writeString(directory().resolve("junk.jar"), "no jar");
    Path plain = directory().resolve("plain.jar");
    try (OutputStream out = Files.newOutputStream(plain)) {
      new JarOutputStream(out, new Manifest()).close();
    }
    assertRefused("there is no such file", directory().resolve("missing.jar"));
    assertRefused("is a directory; name a bundle's jar", directory());
    assertRefused("no jar file, or not all of it; build or copy it again", file);
    assertRefused("no bundle: its manifest has no Bundle-SymbolicName; build it with bnd", plain);
  }

  private void assertRefused(String why, Path jar) {
    String message = assertThrows(PluginFailure.class, () -> service(ProviderAdmin.class).install(jar)).getMessage();
    assertTrue(message, message.startsWith(jar.toString()) && message.contains(why));
  }

  @Test
  public void aBundleThatIsNoProviderIsInstalledAndSaysSo() throws Exception {
    ProviderAdmin admin = service(ProviderAdmin.class);
    Path jar = directory().resolve("library.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", "com.vendor.library");
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
    ProviderView view = admin.install(jar);
    assertEquals("Ready", view.state());
    assertTrue(view.message(), view.message().startsWith("offers no provider; if it should, "));
    admin.remove("com.vendor.library");
    assertTrue(admin.provider("com.vendor.library").isEmpty());
  }

  @Test
  public void theNodeSaysWhoItIsAndWhatItServes() throws IOException {
    until("the wasm handlers are served", () -> node().node().handlers()
        .containsAll(List.of("wasi=wasi", "wascc=wascc")));
    NodeView view = node().node();
    assertEquals("here", view.name());
    assertEquals(directory(), view.dataDirectory());
    assertEquals("0.1.0.SNAPSHOT", view.version());
    assertEquals(0, view.pods());
    Files.writeString(directory().resolve("manifests/broken.yaml"), "apiVersion: v1\nkind: Pod\nmetadata: {name: 7]\n");
    until("the broken manifest is a problem", () -> node().node().problems().toString().contains("broken.yaml:3"));
    Files.delete(directory().resolve("manifests/broken.yaml"));
    until("it is none any more", () -> node().node().problems().isEmpty());
  }
}
