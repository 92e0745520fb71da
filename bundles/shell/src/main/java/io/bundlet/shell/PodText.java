package io.bundlet.shell;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.EventView;
import io.bundlet.api.admin.PodView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Prints everything about one pod. */
final class PodText {
  private final InstantSource clock;

  PodText(InstantSource clock) {
    this.clock = clock;
  }

  String inspect(PodView pod, List<EventView> events) {
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
    field(text, "QoS", pod.qosClass());
    field(text, "Restarts", pod.restartPolicy());
    field(text, "Age", age(clock, pod.startedAt()));
    conditions(text, clock, pod.conditions());
    containers(text, "INIT", pod.initContainers());
    containers(text, "CONTAINER", pod.containers());
    containers(text, "EPHEMERAL", pod.ephemeralContainers());
    Table files = new Table("CONTAINER", "IMAGE", "ID", "LOG");
    List<ContainerView> all =
        Stream.of(pod.initContainers(), pod.containers(), pod.ephemeralContainers()).flatMap(List::stream).toList();
    all.forEach(
        container -> files.row(container.name(), container.image(), container.id(), container.logFile()));
    if (!all.isEmpty()) {
      text.append('\n').append(files).append('\n');
    }
    if (!events.isEmpty()) {
      text.append('\n').append(events(events)).append('\n');
    }
    return text.toString().stripTrailing();
  }

  private void containers(StringBuilder text, String title, List<ContainerView> containers) {
    if (containers.isEmpty()) {
      return;
    }
    Table table = new Table(title, "STATE", "READY", "RESTARTS", "AGE", "EXIT", "LAST", "REASON", "MESSAGE");
    for (ContainerView container : containers) {
      table.row(container.name(), container.state(), container.ready() ? "yes" : "no", container.restartCount(),
          age(clock, container.startedAt()), container.exit().map(exit -> "" + exit.code()).orElse(""),
          container.lastExit().map(exit -> (exit.code() + " " + exit.reason()).strip()).orElse(""),
          container.reason(), container.message());
    }
    text.append('\n').append(table).append('\n');
  }

  /** What happened, the latest last. */
  String events(List<EventView> events) {
    Table table = new Table("LAST", "COUNT", "TYPE", "EVENT", "OBJECT", "MESSAGE");
    for (EventView event : events) {
      table.row(
          age(clock, Optional.of(event.lastAt())), event.count(), event.type(), event.reason(),
          event.fieldPath().isEmpty() ? "pod" : event.fieldPath(), event.message());
    }
    return table.toString();
  }

  static void conditions(StringBuilder text, InstantSource clock, List<ConditionView> all) {
    if (!all.isEmpty()) {
      Table conditions = new Table("CONDITION", "STATUS", "SINCE", "REASON", "MESSAGE");
      for (ConditionView condition : all) {
        conditions.row(condition.type(), condition.status(), age(clock, Optional.ofNullable(condition.since())),
            condition.reason(), condition.message());
      }
      text.append('\n').append(conditions).append('\n');
    }
  }

  static void field(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      String shown = value.lines().map(Table::clean).reduce((a, b) -> a + "\n          " + b).orElse("");
      text.append(String.format(Locale.ROOT, "%-10s%s%n", name, shown));
    }
  }

  /** As kubectl shows it: two units at most. */
  static String age(InstantSource clock, Optional<Instant> since) {
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
}
