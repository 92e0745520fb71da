package io.bundlet.shell;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** {@code help}: all commands, one line each; {@code help COMMAND}: what a command takes. */
@Component(
    service = HelpCommand.class,
    property = {"osgi.command.scope=bundlet", "osgi.command.function=help", "service.ranking:Integer=100"})
public final class HelpCommand {
  /** Of the node. The others are of the framework's tools, for developers. */
  private static final List<String> OURS = List.of("pod", "provider", "engine", "node", "bundlet");

  private final BundleContext context;

  @Activate
  public HelpCommand(BundleContext context) {
    this.context = context;
  }

  /** A command, and the methods that carry it out, one for each list of arguments. */
  private record Command(String scope, String function, String description, List<Method> methods) {
    String name() {
      return scope + ":" + function;
    }
  }

  @Descriptor("lists the commands")
  public String help() throws InvalidSyntaxException {
    List<Command> commands = commands();
    StringBuilder text = new StringBuilder();
    for (String scope : OURS) {
      append(text, commands.stream().filter(command -> command.scope().equals(scope)).toList());
    }
    text.append("\nOf the OSGi framework, for developers:\n");
    append(text, commands.stream().filter(command -> !OURS.contains(command.scope())).toList());
    text.append("\n'help COMMAND' says what a command takes.");
    return text.toString();
  }

  @Descriptor("shows what a command takes")
  public String help(@Descriptor("the command, such as pod:info") String name)
      throws InvalidSyntaxException, CommandFailure {
    List<Command> found = commands().stream()
        .filter(command -> command.name().equals(name) || command.function().equals(name)).toList();
    if (found.isEmpty()) {
      throw new CommandFailure("no command '" + name + "'; 'help' lists the commands");
    }
    StringBuilder text = new StringBuilder();
    for (Command command : found) {
      text.append(command.name()).append("  ").append(command.description()).append('\n');
      for (Method method : command.methods()) {
        describe(text, command, method);
      }
    }
    return text.toString().stripTrailing();
  }

  private static void describe(StringBuilder text, Command command, Method method) {
    List<Parameter> parameters = Stream.of(method.getParameters())
        .filter(parameter -> parameter.getType() != CommandSession.class).toList();
    text.append("  ").append(command.name());
    parameters.forEach(parameter -> text.append(' ').append(placeholder(parameter)));
    text.append('\n');
    for (Parameter parameter : parameters) {
      Descriptor descriptor = parameter.getAnnotation(Descriptor.class);
      if (descriptor != null) {
        text.append("      ").append(placeholder(parameter)).append(": ").append(descriptor.value()).append('\n');
      }
    }
  }

  /** Ours are compiled with the names of their parameters; others show the type. */
  private static String placeholder(Parameter parameter) {
    String name = parameter.isNamePresent() ? parameter.getName() : parameter.getType().getSimpleName();
    for (Annotation annotation : parameter.getAnnotations()) {
      if (annotation instanceof org.apache.felix.service.command.Parameter option) {
        return "[" + String.join("|", option.names()) + "]";
      }
    }
    return name.toUpperCase(java.util.Locale.ROOT);
  }

  private static void append(StringBuilder text, List<Command> commands) {
    for (Command command : commands) {
      text.append(String.format("%-30s %s", command.name(), command.description()).stripTrailing()).append('\n');
    }
  }

  private List<Command> commands() throws InvalidSyntaxException {
    Map<String, Command> byName = new TreeMap<>();
    ServiceReference<?>[] references = context.getAllServiceReferences(null, "(osgi.command.scope=*)");
    for (ServiceReference<?> reference : references == null ? new ServiceReference<?>[0] : references) {
      Object service = context.getService(reference);
      if (service == null) {
        continue;
      }
      try {
        String scope = String.valueOf(reference.getProperty("osgi.command.scope"));
        for (String function : functions(reference.getProperty("osgi.command.function"))) {
          Command command = command(scope, function, service);
          byName.merge(
              command.name(), command, (one, other) -> one.methods().size() >= other.methods().size() ? one : other);
        }
      } finally {
        context.ungetService(reference);
      }
    }
    return new ArrayList<>(byName.values());
  }

  private static String[] functions(Object property) {
    return property instanceof String[] several ? several : new String[] {String.valueOf(property)};
  }

  private static Command command(String scope, String function, Object service) {
    List<Method> methods = Stream.of(service.getClass().getMethods())
        .filter(method -> method.getName().equals(function) || method.getName().equals("_" + function))
        .filter(method -> method.getAnnotation(Descriptor.class) != null)
        .sorted((one, other) -> one.getParameterCount() - other.getParameterCount())
        .toList();
    String description =
        methods.isEmpty() ? "" : methods.getFirst().getAnnotation(Descriptor.class).value();
    return new Command(scope, function, description, methods);
  }
}
