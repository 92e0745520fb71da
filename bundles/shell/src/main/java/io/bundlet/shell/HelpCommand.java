package io.bundlet.shell;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.TreeMap;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** {@code help}: all commands, one line each. */
@Component(
    service = HelpCommand.class,
    property = {"osgi.command.scope=bundlet", "osgi.command.function=help", "service.ranking:Integer=100"})
public final class HelpCommand {
  private final BundleContext context;

  @Activate
  public HelpCommand(BundleContext context) {
    this.context = context;
  }

  @Descriptor("lists the commands")
  public String help() throws InvalidSyntaxException {
    Map<String, String> lines = new TreeMap<>();
    ServiceReference<?>[] commands = context.getAllServiceReferences(null, "(osgi.command.scope=*)");
    for (ServiceReference<?> reference : commands == null ? new ServiceReference<?>[0] : commands) {
      Object service = context.getService(reference);
      if (service == null) {
        continue;
      }
      try {
        for (String function : functions(reference.getProperty("osgi.command.function"))) {
          String name = reference.getProperty("osgi.command.scope") + ":" + function;
          lines.merge(name, description(service, function), (one, other) -> one.length() >= other.length() ? one : other);
        }
      } finally {
        context.ungetService(reference);
      }
    }
    int width = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
    StringBuilder text = new StringBuilder();
    lines.forEach((name, line) -> {
      // Ours first of all; those of the framework's tools are for developers.
      text.append(name).repeat(' ', width - name.length() + 2).append(line).append('\n');
    });
    return text.toString().stripTrailing();
  }

  private static String[] functions(Object property) {
    return property instanceof String[] several ? several : new String[] {String.valueOf(property)};
  }

  private static String description(Object service, String function) {
    for (Method method : service.getClass().getMethods()) {
      Descriptor descriptor = method.getAnnotation(Descriptor.class);
      if (descriptor != null && (method.getName().equals(function) || method.getName().equals("_" + function))) {
        return descriptor.value();
      }
    }
    return "";
  }
}
