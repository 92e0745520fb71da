package io.bundlet.apiserver.status;

import static io.bundlet.apiserver.call.Trees.text;

import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.call.ServerFailure;
import io.bundlet.apiserver.call.Trees;
import io.bundlet.kubernetes.PodReport;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one status. What stands in the server is known from the watch and from the answers to earlier patches, and
 * each patch says on which version of the pod it is based; only when that was not the newest one the pod is read.
 */
final class StatusSync {
  private static final Logger LOG = LoggerFactory.getLogger(StatusSync.class);
  private static final int TRIES = 4;

  /** What is known of a pod in the server afterwards. @param base null: it is not there, or is another one */
  record Result(Map<String, Object> base, Map<String, Object> dropped, String refusal) {}

  private final Requests requests;

  StatusSync(Requests requests) {
    this.requests = requests;
  }

  /**
   * Makes the server say what the report says.
   *
   * @param known the pod as it stands in the server as far as is known; null: it is read
   * @param dropped what the server has dropped of the last patch
   */
  Result write(StatusTarget target, PodReport report, Map<String, Object> known, Map<String, Object> dropped)
      throws IOException, InterruptedException {
    Map<String, Object> said = requests.json().tree(report.status());
    Map<String, Object> base = known;
    for (int attempt = 1; true; attempt++) {
      try {
        base = base == null ? read(target) : base;
        if (!text(base, "metadata", "uid").equals(target.uid())) {
          return new Result(null, Map.of(), "");
        }
        Map<String, Object> wanted = StatusRules.wanted(base, said, report.running());
        Optional<String> refusal = StatusRules.refusal(base, wanted);
        if (refusal.isPresent()) {
          return new Result(base, dropped, refusal.get());
        }
        Map<String, Object> patch = StatusPatch.between(Trees.object(base, "status"), wanted);
        if (patch.isEmpty() || patch.equals(dropped)) {
          return new Result(base, dropped, "");
        }
        Map<String, Object> now = answered(target, requests.patch(target.path() + "/status", body(base, patch)));
        Map<String, Object> left = StatusPatch.between(
            Trees.object(now, "status"), StatusRules.wanted(now, said, report.running()));
        LOG.debug("Pod {}: the API server was told {}", target, patch.keySet());
        return new Result(now, left, "");
      } catch (ServerFailure e) {
        if (e.absent()) {
          return new Result(null, Map.of(), "");
        }
        if (e.code() != 409 || attempt == TRIES) {
          throw e;
        }
        base = null;
      }
    }
  }

  /**
   * Removes the pod from the server, if it is to go.
   *
   * @return whether it has gone or goes
   */
  boolean delete(StatusTarget target) throws IOException, InterruptedException {
    try {
      Map<String, Object> pod = read(target);
      if (!text(pod, "metadata", "uid").equals(target.uid())) {
        return true;
      }
      if (text(pod, "metadata", "deletionTimestamp").isEmpty()) {
        return false;
      }
      requests.delete(target.path(), target.uid());
      return true;
    } catch (ServerFailure e) {
      if (e.absent()) {
        return true;
      }
      if (e.code() == 409) {
        // another has its name now, or somebody was faster: it is looked at again
        throw new IOException("the pod has changed meanwhile: " + e.getMessage(), e);
      }
      throw e;
    }
  }

  /** Of a pod what is needed to compare: it is kept for each. */
  static Map<String, Object> kept(Map<String, Object> pod) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    for (String field : new String[] {"uid", "resourceVersion", "deletionTimestamp"}) {
      metadata.put(field, text(pod, "metadata", field));
    }
    return Map.of("metadata", metadata, "spec", Map.of("restartPolicy", text(pod, "spec", "restartPolicy")),
        "status", Trees.object(pod, "status"));
  }

  private Map<String, Object> read(StatusTarget target) throws IOException, InterruptedException {
    Map<String, Object> pod = requests.get(target.path());
    if (!text(pod, "kind").equals("Pod") || text(pod, "metadata", "uid").isEmpty()) {
      throw new IOException("the answer is no pod");
    }
    return kept(pod);
  }

  /** What a proxy says in the server's place changes nothing of what is known. */
  private static Map<String, Object> answered(StatusTarget target, Map<String, Object> pod) throws IOException {
    if (!text(pod, "kind").equals("Pod") || !text(pod, "metadata", "uid").equals(target.uid())) {
      throw new IOException("the answer is not the pod that was written");
    }
    return kept(pod);
  }

  private static Map<String, Object> body(Map<String, Object> base, Map<String, Object> patch) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("uid", text(base, "metadata", "uid"));
    String version = text(base, "metadata", "resourceVersion");
    if (!version.isEmpty()) {
      metadata.put("resourceVersion", version);
    }
    return Map.of("metadata", metadata, "status", patch);
  }
}
