package io.bundlet.shell;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.EventView;
import io.bundlet.api.admin.NodeView;
import io.bundlet.api.admin.PodUsageView;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.admin.Problem;
import io.bundlet.api.admin.ProviderView;
import io.bundlet.api.admin.ResourceView;
import io.bundlet.api.wasm.EngineState;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.felix.service.command.Converter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Prints what the commands return. */
@Component(
    service = Converter.class,
    property = {
      "osgi.converter.classes=io.bundlet.api.admin.PodView",
      "osgi.converter.classes=io.bundlet.shell.PodInfo",
      "osgi.converter.classes=io.bundlet.api.admin.ProviderView",
      "osgi.converter.classes=io.bundlet.api.admin.NodeView",
      "osgi.converter.classes=io.bundlet.api.wasm.EngineState",
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
      case PodInfo info -> new PodText(clock).inspect(info.pod(), info.events());
      case PodView pod -> level == INSPECT ? new PodText(clock).inspect(pod, List.of()) : pod.namespace() + "/"
          + pod.name();
      case ProviderView provider -> level == INSPECT ? inspect(provider) : provider.name();
      case EngineState engine -> level == INSPECT ? EngineText.inspect(engine) : engine.info().name();
      case NodeView node -> level == INSPECT ? inspect(node) : node.name();
      default -> null;
    };
  }

  private String list(Listing listing) {
    if (listing.rows().isEmpty()) {
      return listing.empty();
    }
    if (listing.rows().get(0) instanceof EventView) {
      return new PodText(clock).events(listing.rows().stream().map(EventView.class::cast).toList());
    }
    if (listing.rows().get(0) instanceof EngineState) {
      return EngineText.list(listing.rows().stream().map(EngineState.class::cast).toList());
    }
    if (listing.rows().get(0) instanceof PodUsageView) {
      return usage(listing.rows().stream().map(PodUsageView.class::cast).toList());
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
            pod.handler(), pod.provider(), PodText.age(clock, pod.startedAt()), reason(pod));
      } else if (row instanceof ProviderView provider) {
        table.row(provider.name(), provider.kind(), provider.state(), provider.origin(), provider.version(),
            provider.bundle(), firstLine(provider.message()));
      }
    }
    return table.toString();
  }

  private static String usage(List<PodUsageView> pods) {
    Table table = new Table("NAMESPACE", "NAME", "CPU", "MEMORY", "DISK");
    for (PodUsageView pod : pods) {
      table.row(pod.namespace(), pod.name(), amount("cpu", pod.cpuMillis()), amount("memory", pod.memoryBytes()),
          amount("ephemeral-storage", pod.diskBytes()));
    }
    return table.toString();
  }

  private static String amount(String resource, OptionalLong amount) {
    return amount.isEmpty() ? "" : Amounts.text(resource, amount.getAsLong());
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

  private static String inspect(ProviderView provider) {
    StringBuilder text = new StringBuilder();
    PodText.field(text, "Name", provider.name());
    PodText.field(text, "Kind", provider.kind());
    PodText.field(text, "State", provider.state());
    PodText.field(text, "Message", provider.message());
    PodText.field(text, "Bundle", provider.bundle());
    PodText.field(text, "Version", provider.version());
    PodText.field(text, "Origin", provider.origin());
    provider.details().forEach(detail -> PodText.field(text, "", detail));
    return text.toString().stripTrailing();
  }

  private String inspect(NodeView node) {
    StringBuilder text = new StringBuilder();
    PodText.field(text, "Node", node.name());
    PodText.field(text, "ID", node.id());
    PodText.field(text, "Version", node.version());
    PodText.field(text, "Up for", PodText.age(clock, Optional.ofNullable(node.startedAt())));
    PodText.field(text, "Data", String.valueOf(node.dataDirectory()));
    PodText.field(text, "Default", node.defaultHandler().isEmpty() ? "(none)" : node.defaultHandler());
    PodText.field(text, "Handlers", node.handlers().isEmpty() ? "(none)" : String.join(", ", node.handlers()));
    PodText.field(text, "Pods", Integer.toString(node.pods()));
    for (Problem problem : node.problems()) {
      PodText.field(text, "Problem", problem.toString());
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
    PodText.conditions(text, clock, node.conditions());
    return text.toString().stripTrailing();
  }

  static Listing pods(List<PodView> pods) {
    return new Listing(pods, "no pods");
  }
}
