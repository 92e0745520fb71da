package io.bundlet.itests.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.bundlet.api.admin.ProviderAdmin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** A changed configuration reaches a component that stays the one it is. */
@ExamReactorStrategy(PerClass.class)
public class ConfigurationIT extends FrameworkTest {
  @Configuration
  public Option[] framework() throws IOException {
    return Framework.of(getClass());
  }

  @Test
  public void everyConfiguredComponentIsModifiedAndNotActivatedAgain() throws Exception {
    untilHandlersAreThere();
    ServiceComponentRuntime components = service(ServiceComponentRuntime.class);
    Set<String> pids = new TreeSet<>();
    for (ComponentDescriptionDTO each : components.getComponentDescriptionDTOs()) {
      if (!components.getComponentConfigurationDTOs(each).isEmpty()) {
        pids.addAll(Arrays.asList(each.configurationPid));
      }
    }
    pids.removeIf(pid -> !pid.matches("io\\.bundlet\\.[a-z.-]+"));
    assertTrue(pids.toString(), pids.containsAll(Set.of("io.bundlet.core", "io.bundlet.wasi.provider")));
    Map<String, String> before = instances(components);

    for (String pid : pids) {
      configure(pid, "note", "changed");
    }
    until("every component knows", () -> noted(components) == pids.size());

    assertEquals(before, instances(components));
  }

  @Test
  public void aDefaultHandlerIsForPodsThatWaitForOne() throws Exception {
    VendorProvider vendor = new VendorProvider();
    offer(vendor);
    pod("plain", "containers:\n  - name: main\n    image: vendor/main\n");
    until("plain", "waits for a provider", view -> view.reason().equals("RuntimeProviderMissing"));
    configure("io.bundlet.core", "default.handler", "vendor");
    untilRunning("plain");
    assertEquals("vendor", node().node().defaultHandler());
    Files.delete(directory().resolve("manifests/plain.yaml"));
    until("the pod is gone", () -> node().pods().isEmpty());
  }

  @Test
  public void manifestsAreReadFromWhereTheyAreNow() throws Exception {
    offer(new VendorProvider());
    Path other = Files.createDirectories(directory().resolve("other"));
    pod(other, "moved", "runtimeClassName: vendor\ncontainers:\n  - name: main\n    image: vendor/main\n");
    configure("io.bundlet.manifests", "paths", other.toString());
    untilRunning("moved");
    configure("io.bundlet.manifests", "paths", new String[] {directory().resolve("manifests").toString()});
    until("the pod is gone", () -> node().pods().isEmpty());
  }

  @Test
  public void aProviderChangesItsEngine() throws Exception {
    untilHandlersAreThere();
    ProviderAdmin admin = service(ProviderAdmin.class);
    configure("io.bundlet.wasi.provider", "engine", "steam");
    until("the provider misses the engine", () ->
        admin.provider("wasi").orElseThrow().message().contains("engine steam is not installed"));
    configure("io.bundlet.wasi.provider", "engine", "endive");
    until("it has one again", () -> admin.provider("wasi").orElseThrow().state().equals("Ready"));
  }

  private void untilHandlersAreThere() {
    until("the wasm handlers are served", () -> {
      String handlers = node().node().handlers().toString();
      return handlers.contains("wasi=wasi") && handlers.contains("wascc=wascc");
    });
  }

  /** Which service each configured component is: another activation would have another id. */
  private Map<String, String> instances(ServiceComponentRuntime components) throws Exception {
    Map<String, String> instances = new TreeMap<>();
    for (ComponentDescriptionDTO each : components.getComponentDescriptionDTOs()) {
      for (ComponentConfigurationDTO configuration : components.getComponentConfigurationDTOs(each)) {
        instances.put(each.name, "component " + configuration.id + " in state " + configuration.state);
      }
    }
    for (Bundle bundle : context.getBundles()) {
      ServiceReference<?>[] services = bundle.getRegisteredServices();
      if (services != null && bundle.getSymbolicName().startsWith("io.bundlet.")) {
        for (ServiceReference<?> service : services) {
          if (service.getProperty("component.name") instanceof String name) {
            instances.merge(name, " service " + service.getProperty(Constants.SERVICE_ID), String::concat);
          }
        }
      }
    }
    return instances;
  }

  private static long noted(ServiceComponentRuntime components) {
    return components.getComponentDescriptionDTOs().stream()
        .flatMap(each -> components.getComponentConfigurationDTOs(each).stream())
        .filter(each -> "changed".equals(each.properties.get("note")))
        .count();
  }
}
