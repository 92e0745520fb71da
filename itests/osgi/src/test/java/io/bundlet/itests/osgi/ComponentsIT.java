package io.bundlet.itests.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.junit.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** The frozen list is whole: everything resolves, everything starts, and every component has what it needs. */
public class ComponentsIT extends FrameworkTest {
  /** This node has no API server, so that all components that speak to one wait. */
  private static final String API_SERVER = "io.bundlet.apiserver.";
  /** Components that wait in a node that was configured as by the launcher, and for what. */
  private static final List<String> WAITING =
      List.of("io.bundlet.console.Console: its configuration io.bundlet.console");

  @Configuration
  public Option[] framework() throws IOException {
    return Framework.of(getClass());
  }

  @Test
  public void allBundlesRunAndAllComponentsAreSatisfied() {
    List<String> idle = Arrays.stream(context.getBundles())
        .filter(bundle -> bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null)
        .filter(bundle -> bundle.getState() != Bundle.ACTIVE)
        .map(bundle -> bundle + " is in state " + bundle.getState())
        .toList();
    assertEquals(List.of(), idle);

    ServiceComponentRuntime components = service(ServiceComponentRuntime.class);
    Collection<ComponentDescriptionDTO> all = components.getComponentDescriptionDTOs();
    assertTrue(all.size() + " components", all.size() >= 15);
    until("every component is satisfied or waits for what is known", () -> waiting(components).equals(WAITING));
  }

  private static List<String> waiting(ServiceComponentRuntime components) {
    List<String> waiting = new ArrayList<>();
    for (ComponentDescriptionDTO each : components.getComponentDescriptionDTOs()) {
      Collection<ComponentConfigurationDTO> configurations = components.getComponentConfigurationDTOs(each);
      if (configurations.isEmpty() && !each.name.startsWith(API_SERVER)) {
        waiting.add(each.name + ": its configuration " + String.join(",", each.configurationPid));
      }
      for (ComponentConfigurationDTO configuration : configurations) {
        String why = switch (configuration.state) {
          case ComponentConfigurationDTO.SATISFIED, ComponentConfigurationDTO.ACTIVE -> null;
          case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION ->
              "its configuration " + String.join(",", each.configurationPid);
          case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> "the reference "
              + Arrays.stream(configuration.unsatisfiedReferences).map(reference -> reference.name).toList();
          default -> "it failed: " + configuration.failure;
        };
        if (why != null && !each.name.startsWith(API_SERVER)) {
          waiting.add(each.name + ": " + why);
        }
      }
    }
    waiting.sort(null);
    return waiting;
  }
}
