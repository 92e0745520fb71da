package io.bundlet.core.hook;

import io.bundlet.api.runtime.Exec;
import io.bundlet.api.runtime.ExecResult;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.event.EventSink;
import io.bundlet.core.reach.ContainerTarget;
import io.bundlet.core.reach.HttpExchange;
import io.bundlet.core.reach.HttpGet;
import io.bundlet.core.reach.Quoted;
import io.bundlet.core.reach.Unreachable;
import io.bundlet.core.time.NodeTime;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Begins hooks. Holds nothing; may be called from any thread, returns at once. */
public final class Hooks {
  static final String USER_AGENT = "kube-lifecycle/1.36";
  private static final Duration NO_LIMIT = Duration.ofDays(36_500);
  private static final int OUTPUT_LIMIT = 10 << 10;

  private final NodeTime time;

  public Hooks(NodeTime time) {
    this.time = time;
  }

  /**
   * Begins what is to run right after the start of a container. It has no limit but {@link HookRun#cancel}.
   *
   * @param events the pod's events, for this container
   * @param whenDone called once, when the outcome is there; must not block
   */
  public HookRun postStart(LifecycleHandler handler, ContainerTarget target, EventSink events, Runnable whenDone) {
    return begin(handler, target, events, NO_LIMIT, whenDone);
  }

  /**
   * Begins what is to run before a container is asked to end.
   *
   * @param limit what is left of the grace period
   * @param events as in {@link #postStart}
   * @param whenDone as in {@link #postStart}
   */
  public HookRun preStop(
      LifecycleHandler handler, ContainerTarget target, EventSink events, Duration limit, Runnable whenDone) {
    return begin(handler, target, events, limit, whenDone);
  }

  private HookRun begin(
      LifecycleHandler handler, ContainerTarget target, EventSink events, Duration limit, Runnable whenDone) {
    String name = target.pod() + "-" + target.container();
    if (handler.getExec() != null) {
      List<String> command = handler.getExec().getCommand();
      return HookRun.of(name, () -> exec(command, target), time, limit, whenDone);
    }
    if (handler.getHttpGet() != null) {
      return HookRun.of(name, () -> http(handler.getHttpGet(), target, events), time, limit, whenDone);
    }
    if (handler.getSleep() != null) {
      Long seconds = handler.getSleep().getSeconds();
      Duration sleep = Duration.ofSeconds(seconds == null ? 0 : Math.clamp(seconds, 0, NO_LIMIT.toSeconds()));
      return HookRun.sleep(name, sleep, time, limit, whenDone);
    }
    // tcpSocket is in the API but means nothing; Kubernetes' kubelet fails the hook, too.
    String what = handler.getTcpSocket() != null ? "tcpSocket is not a hook" : "the hook names nothing to do";
    return HookRun.of(
        name, () -> HookOutcome.failed("Cannot run handler: " + what + "; use exec, httpGet or sleep"), time, limit,
        whenDone);
  }

  private static HookOutcome exec(List<String> command, ContainerTarget target) {
    String what = "Exec lifecycle hook " + command;
    if (command == null || command.isEmpty()) {
      return HookOutcome.failed("Exec lifecycle hook without a command");
    }
    try {
      ExecResult result = target.exec().run(new Exec(command, Duration.ZERO, OUTPUT_LIMIT));
      return result.exitCode() == 0
          ? HookOutcome.DONE
          : failed(
              what, target,
              "command ended with exit code " + result.exitCode() + ", message: " + Quoted.of(result.text()));
    } catch (ProviderFailure failed) {
      return failed(what, target, failed.getMessage());
    }
  }

  private static HookOutcome http(HTTPGetAction action, ContainerTarget target, EventSink events) {
    HttpGet request;
    try {
      request = HttpGet.of(action, target, USER_AGENT);
    } catch (Unreachable wrong) {
      return failed("HTTP lifecycle hook", target, wrong.getMessage());
    }
    String what = "HTTP lifecycle hook (" + request.uri() + ")";
    try {
      ask(request, target, events);
      // Whatever the status: that there was an answer is enough.
      return HookOutcome.DONE;
    } catch (IOException failed) {
      return failed(what, target, failed.getMessage() == null ? failed.toString() : failed.getMessage());
    }
  }

  private static void ask(HttpGet request, ContainerTarget target, EventSink events) throws IOException {
    try {
      HttpExchange.call(request);
    } catch (HttpExchange.PlainAnswer plain) {
      // Such hooks worked while nobody looked at their scheme, and are let go on.
      HttpExchange.call(request.plain());
      events.event(
          "", EventSink.WARNING, "LifecycleHTTPFallback",
          "the HTTPS lifecycle hook of container " + target.container() + " got a plain HTTP response; asking without"
              + " TLS succeeded. Set the hook's scheme to HTTP");
    }
  }

  private static HookOutcome failed(String what, ContainerTarget target, String why) {
    return HookOutcome.failed(
        what + " for Container " + Quoted.of(target.container()) + " in Pod " + Quoted.of(target.pod())
            + " failed - error: " + why);
  }
}
