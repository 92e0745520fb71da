package io.bundlet.core.reach;

import io.bundlet.api.runtime.Refusal;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import java.util.List;
import java.util.Optional;

/** Finds what probes and hooks ask for and cannot be carried out on a runtime, before the pod is taken. */
public final class HandlerFields {
  private final boolean commands;
  private Refusal found;

  private HandlerFields(boolean commands) {
    this.commands = commands;
  }

  /**
   * The first field of a probe or hook that is not carried out.
   *
   * @param commands whether the pod's runtime can run a command in a container, which is to say that it has the part
   *     {@link io.bundlet.api.runtime.ExecPart}
   */
  public static Optional<Refusal> refused(PodSpec spec, boolean commands) {
    HandlerFields fields = new HandlerFields(commands);
    fields.containers(spec.getInitContainers(), "spec.initContainers");
    fields.containers(spec.getContainers(), "spec.containers");
    return Optional.ofNullable(fields.found);
  }

  private void containers(List<Container> containers, String path) {
    for (int i = 0; i < containers.size(); i++) {
      Container container = containers.get(i);
      String at = path + "[" + i + "]";
      probe(container.getStartupProbe(), at + ".startupProbe");
      probe(container.getReadinessProbe(), at + ".readinessProbe");
      probe(container.getLivenessProbe(), at + ".livenessProbe");
      if (container.getLifecycle() != null) {
        hook(container.getLifecycle().getPostStart(), at + ".lifecycle.postStart");
        hook(container.getLifecycle().getPreStop(), at + ".lifecycle.preStop");
      }
    }
  }

  private void probe(Probe probe, String at) {
    if (probe == null) {
      return;
    }
    exec(probe.getExec(), at);
    http(probe.getHttpGet(), at);
    if (probe.getGrpc() != null && probe.getGrpc().getMode() != null) {
      refuse(at + ".grpc.mode", "this version of the node asks gRPC servers in the usual way alone; remove it");
    }
  }

  private void hook(LifecycleHandler hook, String at) {
    if (hook != null) {
      exec(hook.getExec(), at);
      http(hook.getHttpGet(), at);
    }
  }

  private void exec(Object exec, String at) {
    if (exec != null && !commands) {
      refuse(at + ".exec", "this runtime cannot run a second command in a container; use another handler");
    }
  }

  private void http(HTTPGetAction http, String at) {
    if (http != null && http.getProtocol() != null) {
      refuse(at + ".httpGet.protocol", "this version of the node asks in HTTP/1.1 alone; remove it");
    }
  }

  private void refuse(String field, String message) {
    if (found == null) {
      found = Refusal.unsupported(field, message);
    }
  }
}
