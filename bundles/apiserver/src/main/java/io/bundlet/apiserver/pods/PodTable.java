package io.bundlet.apiserver.pods;

import static io.bundlet.apiserver.call.Trees.text;

import io.bundlet.api.admin.Problem;
import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.call.Trees;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pods as they were heard of last, by uid. What a server sends is looked at before it becomes a pod of this node:
 * its uid and its names become parts of paths. For one thread.
 */
final class PodTable {
  private static final Logger LOG = LoggerFactory.getLogger(PodTable.class);
  private static final Pattern UID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,62}");
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
  /** The annotation by which a mirror says whose it is. */
  static final String MIRROR = "kubernetes.io/config.mirror";

  private final Requests requests;
  private final String nodeName;
  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private final Map<String, Problem> problems = new HashMap<>();

  PodTable(Requests requests, String nodeName) {
    this.requests = requests;
    this.nodeName = nodeName;
  }

  /** All of them are these. @return the uids of those that are not there any more */
  List<String> replace(List<Map<String, Object>> trees) {
    Map<String, Pod> before = new LinkedHashMap<>(pods);
    pods.clear();
    problems.clear();
    for (Map<String, Object> tree : trees) {
      put(tree, Optional.ofNullable(before.get(uid(tree))));
    }
    before.keySet().removeAll(pods.keySet());
    return List.copyOf(before.keySet());
  }

  /** This one is now like this. @return whether it is a pod of this node */
  boolean put(Map<String, Object> tree) {
    return put(tree, Optional.ofNullable(pods.get(uid(tree))));
  }

  private boolean put(Map<String, Object> tree, Optional<Pod> before) {
    String uid = uid(tree);
    String where = text(tree, "metadata", "namespace") + "/" + text(tree, "metadata", "name");
    try {
      check(tree);
      pods.put(uid, requests.json().model(tree, Pod.class));
      problems.remove(where);
      return true;
    } catch (IOException e) {
      // one that runs is not ended because of an edit that nobody understands
      before.ifPresent(pod -> pods.put(uid, pod));
      problems.put(where, new Problem("pod " + where, e.getMessage()));
      LOG.warn("Pod {} from the API server cannot be used: {}", where, e.getMessage());
      return false;
    }
  }

  private void check(Map<String, Object> tree) throws IOException {
    expect(UID, "metadata.uid", uid(tree));
    expect(NAMESPACE, "metadata.namespace", text(tree, "metadata", "namespace"));
    expect(NAME, "metadata.name", text(tree, "metadata", "name"));
    if (!text(tree, "spec", "nodeName").equals(nodeName)) {
      throw new IOException("it is not for this node but for \"" + text(tree, "spec", "nodeName") + "\"");
    }
    if (Trees.list(tree, "spec", "containers").isEmpty()) {
      throw new IOException("it has no containers");
    }
  }

  private static void expect(Pattern pattern, String field, String value) throws IOException {
    if (!pattern.matcher(value).matches()) {
      throw new IOException(field + " is no legal value");
    }
  }

  /** This one is not there any more. */
  void remove(Map<String, Object> tree) {
    pods.remove(uid(tree));
    problems.remove(text(tree, "metadata", "namespace") + "/" + text(tree, "metadata", "name"));
  }

  Collection<Pod> pods() {
    return new ArrayList<>(pods.values());
  }

  List<Problem> problems() {
    return List.copyOf(problems.values());
  }

  static boolean mirror(Pod pod) {
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(MIRROR);
  }

  private static String uid(Map<String, Object> tree) {
    return text(tree, "metadata", "uid");
  }
}
