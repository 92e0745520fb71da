package io.bundlet.manifests.pod;

import io.bundlet.manifests.model.Findings;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What an API server would refuse in requests and limits. */
final class ResourceChecks {
  private static final Set<String> STANDARD = Set.of("cpu", "memory", "ephemeral-storage");
  private static final String HUGE_PAGES = "hugepages-";
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  private final Findings findings;

  ResourceChecks(Findings findings) {
    this.findings = findings;
  }

  /** Checks the resources at the path; null is nothing. */
  void check(ResourceRequirements resources, String path) {
    if (resources == null) {
      return;
    }
    Map<String, Quantity> requests = resources.getRequests() == null ? Map.of() : resources.getRequests();
    Map<String, Quantity> limits = resources.getLimits() == null ? Map.of() : resources.getLimits();
    amounts(requests, path + ".requests");
    amounts(limits, path + ".limits");
    requests.forEach((name, request) -> {
      Quantity limit = limits.get(name);
      String at = path + ".requests[" + name + "]";
      if (limit == null && !STANDARD.contains(name)) {
        findings.add(path + ".limits[" + name + "]",
            "is missing; what cannot be shared needs a limit that equals the request");
      } else if (limit != null && request.getNumericalAmount().compareTo(limit.getNumericalAmount()) > 0) {
        findings.add(at, request + " is more than the limit of " + limit);
      } else if (limit != null && !STANDARD.contains(name)
          && request.getNumericalAmount().compareTo(limit.getNumericalAmount()) < 0) {
        findings.add(at, request + " must equal the limit of " + limit + ", as it cannot be shared");
      }
    });
    boolean hugePages = limits.keySet().stream().anyMatch(name -> name.startsWith(HUGE_PAGES));
    boolean others = List.of("cpu", "memory").stream()
        .anyMatch(name -> limits.containsKey(name) || requests.containsKey(name));
    if (hugePages && !others) {
      findings.add(path, "huge pages need a request of cpu or memory beside them");
    }
  }

  /** Checks what is written at the pod itself; null is nothing. */
  void ofPod(ResourceRequirements resources) {
    check(resources, "spec.resources");
    if (resources != null) {
      Stream.of(resources.getRequests(), resources.getLimits())
          .filter(amounts -> amounts != null)
          .flatMap(amounts -> amounts.keySet().stream())
          .filter(name -> !name.equals("cpu") && !name.equals("memory") && !name.startsWith(HUGE_PAGES))
          .distinct()
          .forEach(name -> findings.add("spec.resources", Names.shown(name)
              + " cannot be given for a whole pod; there are cpu, memory and hugepages-SIZE"));
    }
  }

  private void amounts(Map<String, Quantity> quantities, String path) {
    quantities.forEach((name, quantity) -> {
      String at = path + "[" + name + "]";
      BigDecimal amount = quantity.getNumericalAmount();
      if (!STANDARD.contains(name) && !name.startsWith(HUGE_PAGES)) {
        extended(name, at, amount, quantity);
      }
      if (amount.signum() < 0) {
        findings.add(at, quantity + " is less than 0");
      } else if (amount.compareTo(name.equals("cpu") ? MOST.movePointLeft(3).setScale(0, RoundingMode.DOWN)
          : MOST) > 0) {
        findings.add(at, quantity + " is more than can be counted; write less");
      }
    });
  }

  private void extended(String name, String at, BigDecimal amount, Quantity quantity) {
    if (name.indexOf('/') < 0) {
      findings.add(at, "unknown resource; there are cpu, memory, ephemeral-storage, hugepages-SIZE and DOMAIN/NAME");
    } else if (amount.stripTrailingZeros().scale() > 0) {
      findings.add(at, quantity + " is no whole number");
    }
  }
}
