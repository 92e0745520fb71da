package io.bundlet.shell;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.NodeView;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.admin.Problem;
import io.bundlet.api.admin.ProviderView;
import io.bundlet.api.admin.ResourceView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.felix.service.command.Converter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Prints what the commands return. */
@Component(
    service = Converter.class,
    property = {
      "osgi.converter.classes=io.bundlet.api.admin.PodView",
      "osgi.converter.classes=io.bundlet.api.admin.ProviderView",
      "osgi.converter.classes=io.bundlet.api.admin.NodeView",
      "osgi.converter.classes=io.bundlet.shell.Listing"
    })
public final class TableConverter implements Converter {
  /** In lists; the command that shows one thing shows it all. */
  private static final int MAX_MESSAGE = 100;

  private final InstantSource clock;

  @Activate
  public TableConverter() {
    this(InstantSource.system());
  }

  TableConverter(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Object convert(Class<?> type, Object source) {
    return null;
  }

  @Override
  public CharSequence format(Object target, int level, Converter escape) {
    return switch (target) {
      case Listing listing -> list(listing);
      case PodView pod -> level == INSPECT ? inspect(pod) : pod.namespace() + "/" + pod.name();
      case ProviderView provider -> level == INSPECT ? inspect(provider) : provider.name();
      case NodeView node -> level == INSPECT ? inspect(node) : node.name();
      default -> null;
    };
  }

  private String list(Listing listing) {
    if (listing.rows().isEmpty()) {
      return listing.empty();
    }
    boolean pods = listing.rows().get(0) instanceof PodView;
    Table table = pods
        ? new Table("NAMESPACE", "NAME", "READY", "PHASE", "STATE", "RESTARTS", "HANDLER", "PROVIDER", "AGE", "REASON")
        : new Table("NAME", "KIND", "STATE", "ORIGIN", "VERSION", "BUNDLE", "MESSAGE");
    for (Object row : listing.rows()) {
      if (row instanceof PodView pod) {
        long ready = pod.containers().stream().filter(ContainerView::ready).count();
        int restarts = pod.containers().stream().mapToInt(ContainerView::restartCount).sum();
        table.row(pod.namespace(), pod.name(), ready + "/" + pod.containers().size(), pod.phase(), pod.state(),
            restarts,
            pod.handler(), pod.provider(), age(pod.startedAt()), reason(pod));
      } else if (row instanceof ProviderView provider) {
        table.row(provider.name(), provider.kind(), provider.state(), provider.origin(), provider.version(),
            provider.bundle(), firstLine(provider.message()));
      }
    }
    return table.toString();
  }

  private static String firstLine(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "...";
  }

  /** What holds the pod up, or else the first of its containers that is held up. */
  static String reason(PodView pod) {
    if (!pod.reason().isEmpty()) {
      return pod.reason();
    }
    return pod.containers().stream().map(ContainerView::reason).filter(reason -> !reason.isEmpty()).findFirst()
        .orElse("");
  }

  private String inspect(PodView pod) {
    StringBuilder text = new StringBuilder();
    field(text, "Pod", pod.namespace() + "/" + pod.name());
    field(text, "UID", pod.uid());
    field(text, "Source", pod.source());
    field(text, "Phase", pod.phase());
    field(text, "State", pod.state());
    field(text, "Reason", pod.reason());
    field(text, "Message", pod.message());
    field(text, "Handler", pod.handler());
    field(text, "Provider", pod.provider());
    field(text, "Address", pod.address());
    field(text, "Restarts", pod.restartPolicy());
    field(text, "Age", age(pod.startedAt()));
    if (!pod.conditions().isEmpty()) {
      Table conditions = new Table("CONDITION", "STATUS", "SINCE", "REASON", "MESSAGE");
      for (ConditionView condition : pod.conditions()) {
        conditions.row(condition.type(), condition.status(), age(Optional.ofNullable(condition.since())),
            condition.reason(), condition.message());
      }
      text.append('\n').append(conditions).append('\n');
    }
    if (!pod.containers().isEmpty()) {
      Table containers =
          new Table("CONTAINER", "STATE", "READY", "RESTARTS", "AGE", "EXIT", "LAST", "REASON", "MESSAGE");
      for (ContainerView container : pod.containers()) {
        containers.row(container.name(), container.state(), container.ready() ? "yes" : "no", container.restartCount(),
            age(container.startedAt()), container.exit().map(exit -> "" + exit.code()).orElse(""),
            container.lastExit().map(exit -> (exit.code() + " " + exit.reason()).strip()).orElse(""),
            container.reason(), container.message());
      }
      text.append('\n').append(containers).append('\n');
      Table files = new Table("CONTAINER", "IMAGE", "ID", "LOG");
      for (ContainerView container : pod.containers()) {
        files.row(container.name(), container.image(), container.id(), container.logFile());
      }
      text.append('\n').append(files).append('\n');
    }
    return text.toString().stripTrailing();
  }

  private static String inspect(ProviderView provider) {
    StringBuilder text = new StringBuilder();
    field(text, "Name", provider.name());
    field(text, "Kind", provider.kind());
    field(text, "State", provider.state());
    field(text, "Message", provider.message());
    field(text, "Bundle", provider.bundle());
    field(text, "Version", provider.version());
    field(text, "Origin", provider.origin());
    provider.details().forEach(detail -> field(text, "", detail));
    return text.toString().stripTrailing();
  }

  private String inspect(NodeView node) {
    StringBuilder text = new StringBuilder();
    field(text, "Node", node.name());
    field(text, "ID", node.id());
    field(text, "Version", node.version());
    field(text, "Up for", age(Optional.ofNullable(node.startedAt())));
    field(text, "Data", String.valueOf(node.dataDirectory()));
    field(text, "Default", node.defaultHandler().isEmpty() ? "(none)" : node.defaultHandler());
    field(text, "Handlers", node.handlers().isEmpty() ? "(none)" : String.join(", ", node.handlers()));
    field(text, "Pods", Integer.toString(node.pods()));
    for (Problem problem : node.problems()) {
      field(text, "Problem", problem.toString());
    }
    if (!node.resources().isEmpty()) {
      Table resources = new Table("RESOURCE", "CAPACITY", "ALLOCATABLE", "REQUESTED");
      for (ResourceView resource : node.resources()) {
        resources.row(
            resource.name(), Amounts.text(resource.name(), resource.capacity()),
            Amounts.text(resource.name(), resource.allocatable()),
            Amounts.text(resource.name(), resource.requested()));
      }
      text.append('\n').append(resources).append('\n');
    }
    return text.toString().stripTrailing();
  }

  private static void field(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      String shown = value.lines().map(Table::clean).reduce((a, b) -> a + "\n          " + b).orElse("");
      text.append(String.format(Locale.ROOT, "%-10s%s%n", name, shown));
    }
  }

  /** As kubectl shows it: two units at most. */
  private String age(Optional<Instant> since) {
    if (since.isEmpty()) {
      return "";
    }
    long seconds = Math.max(0, Duration.between(since.get(), clock.instant()).toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 7200) {
      return seconds / 60 + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
    }
    long hours = seconds / 3600;
    return hours < 48 ? hours + "h" + seconds % 3600 / 60 + "m" : hours / 24 + "d" + hours % 24 + "h";
  }

  static Listing pods(List<PodView> pods) {
    return new Listing(pods, "no pods");
  }
}
