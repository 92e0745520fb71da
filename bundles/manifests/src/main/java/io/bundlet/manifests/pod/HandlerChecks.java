package io.bundlet.manifests.pod;

import io.bundlet.manifests.model.Findings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ExecAction;
import io.fabric8.kubernetes.api.model.GRPCAction;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Checks a container's probes and hooks, as an API server would. */
final class HandlerChecks {
  private static final Pattern HEADER = Pattern.compile("[-!#$%&'*+.^_`|~A-Za-z0-9]+");
  private static final long DEFAULT_GRACE = 30;

  private final Findings findings;
  private final long grace;

  /** @param grace the pod's, in seconds; null for the default */
  HandlerChecks(Findings findings, Long grace) {
    this.findings = findings;
    this.grace = grace == null ? DEFAULT_GRACE : grace;
  }

  /** Checks all of a container that runs beside others. */
  void check(Container container, String path) {
    probe(container.getLivenessProbe(), path + ".livenessProbe");
    probe(container.getReadinessProbe(), path + ".readinessProbe");
    probe(container.getStartupProbe(), path + ".startupProbe");
    mustBeOne(container.getLivenessProbe(), path + ".livenessProbe");
    mustBeOne(container.getStartupProbe(), path + ".startupProbe");
    Probe readiness = container.getReadinessProbe();
    if (readiness != null && readiness.getTerminationGracePeriodSeconds() != null) {
      findings.add(path + ".readinessProbe.terminationGracePeriodSeconds",
          "has no meaning for a probe that ends nothing; remove it");
    }
    if (container.getLifecycle() != null) {
      hook(container.getLifecycle().getPostStart(), path + ".lifecycle.postStart");
      hook(container.getLifecycle().getPreStop(), path + ".lifecycle.preStop");
    }
  }

  /** Checks an init container that runs to its end before the next: nobody asks it, and it is not stopped. */
  void checkNone(Container container, String path) {
    String why = "must not be set for init containers without restartPolicy: Always; remove it";
    refuse(container.getLivenessProbe(), path + ".livenessProbe", why);
    refuse(container.getReadinessProbe(), path + ".readinessProbe", why);
    refuse(container.getStartupProbe(), path + ".startupProbe", why);
    refuse(container.getLifecycle(), path + ".lifecycle", why);
  }

  private void refuse(Object present, String at, String why) {
    if (present != null) {
      findings.add(at, why);
    }
  }

  private void probe(Probe probe, String at) {
    if (probe == null) {
      return;
    }
    if (count(probe.getExec(), probe.getHttpGet(), probe.getTcpSocket(), probe.getGrpc()) != 1) {
      findings.add(at, "needs exactly one of exec, httpGet, tcpSocket and grpc");
    }
    exec(probe.getExec(), at + ".exec");
    http(probe.getHttpGet(), at + ".httpGet");
    tcp(probe.getTcpSocket(), at + ".tcpSocket");
    grpc(probe.getGrpc(), at + ".grpc");
    Names.between(probe.getPeriodSeconds(), 1, Integer.MAX_VALUE, at + ".periodSeconds", findings);
    Names.between(probe.getTimeoutSeconds(), 1, Integer.MAX_VALUE, at + ".timeoutSeconds", findings);
    Names.between(probe.getFailureThreshold(), 1, Integer.MAX_VALUE, at + ".failureThreshold", findings);
    Names.between(probe.getSuccessThreshold(), 1, Integer.MAX_VALUE, at + ".successThreshold", findings);
    Names.between(probe.getInitialDelaySeconds(), 0, Integer.MAX_VALUE, at + ".initialDelaySeconds", findings);
    Names.between(probe.getTerminationGracePeriodSeconds(), 1, Integer.MAX_VALUE, at + ".terminationGracePeriodSeconds",
        findings);
  }

  private void mustBeOne(Probe probe, String at) {
    if (probe != null && probe.getSuccessThreshold() != null && probe.getSuccessThreshold() > 1) {
      findings.add(at + ".successThreshold", "must be 1 for liveness and startup probes");
    }
  }

  private void hook(LifecycleHandler hook, String at) {
    if (hook == null) {
      return;
    }
    if (count(hook.getExec(), hook.getHttpGet(), hook.getTcpSocket(), hook.getSleep()) != 1) {
      findings.add(at, "needs exactly one of exec, httpGet, tcpSocket and sleep");
    }
    exec(hook.getExec(), at + ".exec");
    http(hook.getHttpGet(), at + ".httpGet");
    tcp(hook.getTcpSocket(), at + ".tcpSocket");
    if (hook.getSleep() != null) {
      if (hook.getSleep().getSeconds() == null) {
        findings.add(at + ".sleep.seconds", "is missing; write how many seconds to sleep");
      }
      // Longer than the pod's terminationGracePeriodSeconds it would always be cut.
      Names.between(hook.getSleep().getSeconds(), 0, grace, at + ".sleep.seconds", findings);
    }
  }

  private static long count(Object... handlers) {
    return Stream.of(handlers).filter(Objects::nonNull).count();
  }

  private void exec(ExecAction exec, String at) {
    if (exec != null && (exec.getCommand() == null || exec.getCommand().isEmpty())) {
      findings.add(at + ".command", "is missing or empty; write a program and its arguments");
    }
  }

  private void http(HTTPGetAction http, String at) {
    if (http == null) {
      return;
    }
    port(http.getPort(), at + ".port");
    Names.oneOf(http.getScheme(), List.of("HTTP", "HTTPS"), at + ".scheme", findings);
    if (http.getHttpHeaders() != null) {
      for (int i = 0; i < http.getHttpHeaders().size(); i++) {
        String name = http.getHttpHeaders().get(i).getName();
        String field = at + ".httpHeaders[" + i + "].name";
        if (Names.present(name, field, "X-Probe", findings) && !HEADER.matcher(name).matches()) {
          findings.add(field, Names.shown(name) + " is no name of an HTTP header; use letters, digits and \"-\"");
        }
      }
    }
  }

  private void tcp(TCPSocketAction tcp, String at) {
    if (tcp != null) {
      port(tcp.getPort(), at + ".port");
    }
  }

  private void grpc(GRPCAction grpc, String at) {
    if (grpc != null) {
      if (grpc.getPort() == null) {
        findings.add(at + ".port", "is missing; write a port from 1 to 65535");
      }
      Names.between(grpc.getPort(), 1, 65535, at + ".port", findings);
    }
  }

  private void port(IntOrString port, String at) {
    if (port == null) {
      findings.add(at, "is missing; write a port from 1 to 65535, or the name of one of the container's ports");
    } else if (port.getIntVal() != null) {
      Names.between(port.getIntVal(), 1, 65535, at, findings);
    } else if (port.getStrVal() != null) {
      Names.port(port.getStrVal(), at, findings);
    }
  }
}
