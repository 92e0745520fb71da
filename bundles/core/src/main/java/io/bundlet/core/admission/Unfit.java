package io.bundlet.core.admission;

import io.bundlet.core.machine.Pressure;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Why a pod does not fit.
 *
 * @param reason one word, for the pod's status
 * @param message for people
 * @param shortages what there is too little of, each for people; empty when the reason says it or is another one
 */
public record Unfit(String reason, String message, List<Detail> shortages) {
  /** One thing that is short. */
  public record Detail(String reason, String message) {}

  private static final String UNEXPECTED = "UnexpectedAdmissionError";
  private static final String EVICTED = "Evicted";
  private static final String PORTS = "NodePorts";

  public Unfit {
    shortages = List.copyOf(shortages);
  }

  /** The node is short of something, and takes only those that it must. */
  static Unfit pressure(Set<Pressure> pressures) {
    String all = pressures.stream().sorted().map(Pressure::type).collect(Collectors.joining(" ", "[", "]"));
    return new Unfit(EVICTED, "The node had condition: " + all + ". ", List.of());
  }

  /** The node ends, and all of its pods. */
  static Unfit shutdown() {
    return new Unfit("NodeShutdown", "Pod was rejected as the node is shutting down.", List.of());
  }

  static Unfit ports() {
    return new Unfit(
        PORTS, "Predicate " + PORTS + " failed: node(s) didn't have free ports for the requested pod ports", List.of());
  }

  /** Of what is short, an ordinary pod is told the first. */
  static Unfit ordinary(List<Shortage> shortages) {
    return new Unfit(shortages.getFirst().reason(), shortages.getFirst().message(), List.of());
  }

  /** For a critical pod others would have to go, and none that it may drive out is there. */
  static Unfit critical(List<Shortage> shortages) {
    StringBuilder missing = new StringBuilder();
    shortages.forEach(one -> missing.append("(res: ").append(one.resource()).append(", q: ").append(one.missing())
        .append("), "));
    return new Unfit(
        UNEXPECTED,
        "Unexpected error while attempting to recover from admission failure: preemption: error finding a set of pods"
            + " to preempt: no set of running pods found to reclaim resources: [" + missing + "]",
        shortages.stream().map(one -> new Detail(one.reason(), one.message())).toList());
  }
}
