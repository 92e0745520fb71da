package io.bundlet.shell;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.EventView;
import io.bundlet.api.admin.PodView;
import java.util.List;

/** A pod and what happened to it; scripts may ask it for what they need. */
public record PodInfo(PodView pod, List<EventView> events) {
  public List<ContainerView> containers() {
    return pod.containers();
  }

  public List<ContainerView> initContainers() {
    return pod.initContainers();
  }

  public List<ConditionView> conditions() {
    return pod.conditions();
  }

  public String phase() {
    return pod.phase();
  }

  public String state() {
    return pod.state();
  }
}
