package io.bundlet.core.status;

import io.bundlet.kubernetes.PodReport;
import io.bundlet.kubernetes.PodStatusSink;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is still to be told to those who send pods' statuses on: for each of them the latest of each pod, so that it is
 * bounded by the number of pods. Used under the writer's lock.
 */
final class ReportQueue {
  /** A pod of which nothing is left, and the source that wants it. */
  record Gone(String source, Pod pod) {
    String uid() {
      return pod.getMetadata().getUid();
    }
  }

  /** What is to be told of one pod, in this order. */
  record Due(Optional<PodReport> report, Optional<Gone> gone) {
    void tell(PodStatusSink sink) {
      report.ifPresent(sink::status);
      gone.ifPresent(left -> sink.gone(left.source(), left.pod()));
    }
  }

  private final Map<PodStatusSink, Map<String, Due>> due = new IdentityHashMap<>();
  private Map<String, Gone> goneAndWanted = Map.of();

  /** Somebody new: is told all. */
  void add(PodStatusSink sink, Collection<ShownPod> current) {
    due.put(sink, new LinkedHashMap<>());
    current.forEach(pod -> pod.report().ifPresent(report -> changed(sink, pod.uid(), report)));
    goneAndWanted.values().forEach(gone -> gone(sink, gone));
  }

  void remove(PodStatusSink sink) {
    due.remove(sink);
  }

  boolean hasSinks() {
    return !due.isEmpty();
  }

  void changed(ShownPod pod) {
    pod.report().ifPresent(report -> due.keySet().forEach(sink -> changed(sink, pod.uid(), report)));
  }

  private void changed(PodStatusSink sink, String uid, PodReport report) {
    due.get(sink).put(uid, new Due(Optional.of(report), Optional.empty()));
  }

  void gone(Gone gone) {
    due.keySet().forEach(sink -> gone(sink, gone));
  }

  private void gone(PodStatusSink sink, Gone gone) {
    due.get(sink).merge(
        gone.uid(), new Due(Optional.empty(), Optional.of(gone)),
        (before, now) -> new Due(before.report(), now.gone()));
  }

  /** Of these nothing is left though they are wanted. @param again whether those are told that were told before */
  void goneAndWanted(List<Gone> all, boolean again) {
    Map<String, Gone> now = new LinkedHashMap<>();
    for (Gone gone : all) {
      now.put(gone.uid(), gone);
      if (again || !goneAndWanted.containsKey(gone.uid())) {
        gone(gone);
      }
    }
    goneAndWanted = now;
  }

  boolean isEmpty() {
    return due.values().stream().allMatch(Map::isEmpty);
  }

  /** All that is to be told, which counts as told from now on. */
  Map<PodStatusSink, List<Due>> take() {
    Map<PodStatusSink, List<Due>> all = new IdentityHashMap<>();
    due.forEach((sink, pods) -> {
      all.put(sink, List.copyOf(pods.values()));
      pods.clear();
    });
    return all;
  }
}
