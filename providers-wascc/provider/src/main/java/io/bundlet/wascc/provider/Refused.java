package io.bundlet.wascc.provider;

import static io.bundlet.wasmprovider.FieldRule.list;
import static io.bundlet.wasmprovider.FieldRule.map;
import static io.bundlet.wasmprovider.FieldRule.whenGiven;

import io.bundlet.api.runtime.Refusal;
import io.bundlet.wasmprovider.Admission;
import io.bundlet.wasmprovider.FieldRule;
import io.bundlet.wasmprovider.GuestRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What pods of actors may not ask for. */
final class Refused {
  private static final String NOTHING_GIVEN = "an actor has no arguments, environment or files; remove it";
  /** Where clusters mount the token of its service account into every container, whoever asked for it or not. */
  private static final String SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

  private static final GuestRules GUEST =
      new GuestRules(
          "an actor",
          "an actor is no process and has no user; remove it",
          "an actor has no standard input; remove it",
          "an actor has no devices; remove them",
          true);

  static final Admission BY_WASCC =
      new Admission(
          and(GUEST.pod(), Refused::initContainers),
          and(
              GUEST.container(),
              whenGiven(
                  NOTHING_GIVEN, "command", "args", "env", "envFrom", "workingDir"),
              Refused::mounts,
              Refused::ports));

  private Refused() {}

  private static List<FieldRule> and(List<FieldRule> rules, FieldRule... more) {
    return Stream.concat(rules.stream(), Stream.of(more)).toList();
  }

  /** Sidecars may be actors: nobody waits for their end. */
  private static Optional<Refusal> initContainers(String at, Map<?, ?> spec) {
    List<?> containers = list(spec.get("initContainers"));
    for (int i = 0; i < containers.size(); i++) {
      if (!"Always".equals(map(containers.get(i)).get("restartPolicy"))) {
        return refuse(
            at + ".initContainers[" + i + "]",
            "an actor never ends by itself, so the pod would never start; remove it, or set restartPolicy: Always");
      }
    }
    return Optional.empty();
  }

  /** A token that a cluster has added is no wish of the manifest's: an actor never sees it. */
  private static Optional<Refusal> mounts(String at, Map<?, ?> container) {
    return list(container.get("volumeMounts")).stream()
        .allMatch(mount -> SERVICE_ACCOUNT.equals(map(mount).get("mountPath")))
        ? Optional.empty() : refuse(at + ".volumeMounts", NOTHING_GIVEN);
  }

  private static Optional<Refusal> ports(String at, Map<?, ?> container) {
    List<?> ports = list(container.get("ports"));
    boolean line = false;
    for (int i = 0; i < ports.size(); i++) {
      Map<?, ?> port = map(ports.get(i));
      String field = at + ".ports[" + i + "]";
      if (!Translation.LINE.equals(port.get("name"))) {
        continue;
      }
      if (line) {
        return refuse(field + ".name", "an actor has one port of the name line; remove the others");
      }
      line = true;
      Object protocol = port.get("protocol");
      if (protocol != null && !"TCP".equals(protocol)) {
        return refuse(field + ".protocol", "lines come over TCP; use that");
      }
      Object hostPort = port.get("hostPort");
      if (hostPort instanceof Number there && there.intValue() != 0
          && !(port.get("containerPort") instanceof Number own && own.intValue() == there.intValue())) {
        return refuse(field + ".hostPort", "an actor's port is the host's; give hostPort the same number or remove it");
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> refuse(String field, String message) {
    return Optional.of(Refusal.unsupported(field, message));
  }
}
