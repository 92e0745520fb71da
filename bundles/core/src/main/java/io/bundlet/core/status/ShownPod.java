package io.bundlet.core.status;

import io.bundlet.api.admin.PodView;
import io.bundlet.kubernetes.PodReport;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A pod as it is told to everybody. Its status in Kubernetes' form is made when somebody first asks for it: a node
 * without a cluster has nobody who does. For all threads.
 */
public final class ShownPod {
  private final PodView view;
  private final Pod pod;
  private final boolean running;
  private Supplier<PodStatus> making;
  private Optional<PodStatus> status = Optional.empty();

  private ShownPod(PodView view, Pod pod, boolean running, Supplier<PodStatus> making) {
    this.view = view;
    this.pod = pod;
    this.running = running;
    this.making = making;
  }

  /**
   * A pod that was begun.
   *
   * @param view for people on this node
   * @param pod as it is wanted
   * @param running whether something of it may still run
   * @param status makes it in Kubernetes' form, from what is known now; quick, waits for nobody
   */
  public static ShownPod begun(PodView view, Pod pod, boolean running, Supplier<PodStatus> status) {
    return new ShownPod(view, pod, running, status);
  }

  /** A pod that waits to be begun: nothing is told of it outside. */
  public static ShownPod waiting(PodView view, Pod pod) {
    return new ShownPod(view, pod, false, null);
  }

  /** For people on this node. */
  public PodView view() {
    return view;
  }

  /** As it is wanted. */
  public Pod pod() {
    return pod;
  }

  /** Whether something of it may still run. */
  public boolean running() {
    return running;
  }

  /** In Kubernetes' form; empty: nothing was done about the pod yet. */
  public synchronized Optional<PodStatus> status() {
    if (making != null) {
      status = Optional.of(making.get());
      making = null;
    }
    return status;
  }

  String uid() {
    return view.uid();
  }

  /** What sinks are told of it. */
  Optional<PodReport> report() {
    return status().map(known -> new PodReport(view.source(), pod, known, running));
  }
}
