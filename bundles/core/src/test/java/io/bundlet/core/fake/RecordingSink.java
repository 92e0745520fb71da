package io.bundlet.core.fake;

import io.bundlet.kubernetes.PodReport;
import io.bundlet.kubernetes.PodStatusSink;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it is told of pods. */
public final class RecordingSink implements PodStatusSink {
  /** All reports, in order. */
  public final List<PodReport> reports = new CopyOnWriteArrayList<>();
  /** What was told, in order: {@code web:Running}, {@code gone:api/web}, ... */
  public final List<String> told = new CopyOnWriteArrayList<>();

  @Override
  public void status(PodReport report) {
    reports.add(report);
    told.add(report.pod().getMetadata().getName() + ":" + report.status().getPhase());
  }

  @Override
  public void gone(String source, Pod pod) {
    told.add("gone:" + source + "/" + pod.getMetadata().getName());
  }

  /** The last report of the pod. */
  public Optional<PodReport> last(String name) {
    return reports.stream().filter(report -> report.pod().getMetadata().getName().equals(name))
        .reduce((before, after) -> after);
  }

  /** The phase that was told last; empty before. */
  public String phase(String name) {
    return last(name).map(report -> report.status().getPhase()).orElse("");
  }
}
