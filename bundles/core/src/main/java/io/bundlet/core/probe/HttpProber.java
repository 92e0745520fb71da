package io.bundlet.core.probe;

import io.bundlet.core.reach.ContainerTarget;
import io.bundlet.core.reach.HttpAnswer;
import io.bundlet.core.reach.HttpExchange;
import io.bundlet.core.reach.HttpGet;
import io.bundlet.core.reach.Unreachable;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import java.io.IOException;

/** Probes by an HTTP request: 200 to 399 is success, as is a redirection to another host, with a warning. */
final class HttpProber {
  private HttpProber() {}

  static ProbeResult attempt(HTTPGetAction action, ContainerTarget target) {
    HttpGet request;
    try {
      request = HttpGet.of(action, target, ProbeNode.USER_AGENT);
    } catch (Unreachable wrong) {
      return new ProbeResult.Unknown(wrong.getMessage());
    }
    try {
      return judge(HttpExchange.run(request));
    } catch (IOException failed) {
      return new ProbeResult.Failure("Get \"" + request.uri() + "\": " + Texts.of(failed));
    }
  }

  private static ProbeResult judge(HttpAnswer answer) {
    int status = answer.status();
    if (status >= 200 && status < 300) {
      return new ProbeResult.Success("");
    }
    if (status >= 300 && status < 400) {
      return new ProbeResult.Warning("Probe terminated redirects, Response body: " + answer.text());
    }
    return new ProbeResult.Failure("HTTP probe failed with statuscode: " + status);
  }
}
