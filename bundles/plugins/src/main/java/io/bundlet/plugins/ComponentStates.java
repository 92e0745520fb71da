package io.bundlet.plugins;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** Says in words why a component that would offer a provider does not. */
final class ComponentStates {
  private ComponentStates() {}

  /** A provider that is not there. */
  record Absent(SpiKind kind, String name, String state, String message) {}

  /** @param present kinds of which the bundle does offer a service */
  static List<Absent> of(ServiceComponentRuntime components, Bundle bundle, Set<SpiKind> present) {
    List<Absent> absent = new ArrayList<>();
    for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs(bundle)) {
      for (String type : description.serviceInterfaces) {
        SpiKind.of(type).filter(kind -> !present.contains(kind))
            .ifPresent(kind -> absent.add(why(components, description, kind)));
      }
    }
    return absent;
  }

  private static Absent why(ServiceComponentRuntime components, ComponentDescriptionDTO description, SpiKind kind) {
    Object property = description.properties.get(kind.property());
    String name = property == null ? description.bundle.symbolicName : property.toString();
    if (!components.isComponentEnabled(description)) {
      return new Absent(kind, name, "Stopped", "its component " + description.name + " is disabled");
    }
    Collection<ComponentConfigurationDTO> configurations = components.getComponentConfigurationDTOs(description);
    if (configurations.isEmpty()) {
      return new Absent(kind, name, "Waiting", configuration(description));
    }
    ComponentConfigurationDTO configuration = configurations.iterator().next();
    return switch (configuration.state) {
      case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION ->
          new Absent(kind, name, "Waiting", configuration(description));
      case ComponentConfigurationDTO.UNSATISFIED_REFERENCE ->
          new Absent(kind, name, "Waiting", references(configuration));
      case ComponentConfigurationDTO.FAILED_ACTIVATION ->
          new Absent(kind, name, "Failed", cause(configuration.failure));
      default -> new Absent(kind, name, "Waiting", "its component is being activated");
    };
  }

  /** Why a component whose service is registered gives none. @param name the component's; may be null */
  static String failure(ServiceComponentRuntime components, Bundle bundle, Object name) {
    return components.getComponentDescriptionDTOs(bundle).stream()
        .filter(description -> description.name.equals(name))
        .flatMap(description -> components.getComponentConfigurationDTOs(description).stream())
        .filter(configuration -> configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION)
        .findFirst()
        .map(configuration -> cause(configuration.failure))
        .orElse("it gives no service; see the log");
  }

  private static String configuration(ComponentDescriptionDTO description) {
    return "its configuration is missing: " + String.join(", ", Arrays.asList(description.configurationPid));
  }

  private static String references(ComponentConfigurationDTO configuration) {
    Map<String, String> types = new java.util.HashMap<>();
    Arrays.stream(configuration.description.references).forEach(each -> types.put(each.name, each.interfaceName));
    List<String> missing = new ArrayList<>();
    for (UnsatisfiedReferenceDTO reference : configuration.unsatisfiedReferences) {
      String target = reference.target == null ? "" : " " + reference.target;
      missing.add(types.getOrDefault(reference.name, reference.name) + target);
    }
    return "it needs a service that is not there: " + String.join(", ", missing);
  }

  /** The innermost cause of a printed stack trace. */
  static String cause(String stackTrace) {
    if (stackTrace == null) {
      return "its activation failed";
    }
    String prefix = "Caused by: ";
    String line = stackTrace.lines().filter(each -> each.startsWith(prefix)).reduce((one, other) -> other)
        .orElse(stackTrace.lines().findFirst().orElse(""));
    return "its activation failed: " + (line.startsWith(prefix) ? line.substring(prefix.length()) : line);
  }
}
