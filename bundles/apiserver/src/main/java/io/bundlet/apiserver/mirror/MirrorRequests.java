package io.bundlet.apiserver.mirror;

import static io.bundlet.apiserver.call.Trees.text;

import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.call.ServerFailure;
import io.bundlet.apiserver.call.Trees;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes and deletes mirrors. */
final class MirrorRequests {
  private final Requests requests;
  private final String nodeName;

  MirrorRequests(Requests requests, String nodeName) {
    this.requests = requests;
    this.nodeName = nodeName;
  }

  /** Makes the mirror of a static pod. */
  void create(Pod pod) throws IOException, InterruptedException {
    Map<String, Object> node = requests.get("/api/v1/nodes/" + Requests.encoded(nodeName));
    String nodeUid = text(node, "metadata", "uid");
    if (nodeUid.isEmpty()) {
      throw new IOException("the node has no uid");
    }
    Map<String, Object> tree = requests.json().tree(pod);
    Map<String, Object> annotations = new LinkedHashMap<>(Trees.object(tree, "metadata", "annotations"));
    annotations.put(StaticPod.MIRROR, StaticPod.hash(pod));
    annotations.putIfAbsent(StaticPod.HASH, StaticPod.hash(pod));
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", pod.getMetadata().getName());
    metadata.put("namespace", pod.getMetadata().getNamespace());
    metadata.put("labels", Trees.object(tree, "metadata", "labels"));
    metadata.put("annotations", annotations);
    // without it the server takes no mirror from a node
    metadata.put("ownerReferences", List.of(Map.of(
        "apiVersion", "v1", "kind", "Node", "name", nodeName, "uid", nodeUid, "controller", true)));
    Map<String, Object> spec = new LinkedHashMap<>(Trees.object(tree, "spec"));
    spec.put("nodeName", nodeName);
    requests.post(list(pod), Map.of("apiVersion", "v1", "kind", "Pod", "metadata", metadata, "spec", spec));
  }

  /** Deletes a mirror at once, unless it has gone or is another meanwhile. */
  void delete(Pod mirror) throws IOException, InterruptedException {
    try {
      requests.delete(list(mirror) + "/" + Requests.encoded(mirror.getMetadata().getName()),
          mirror.getMetadata().getUid());
    } catch (ServerFailure e) {
      if (!e.absent() && e.code() != 409) {
        throw e;
      }
    }
  }

  private static String list(Pod pod) {
    return "/api/v1/namespaces/" + Requests.encoded(pod.getMetadata().getNamespace()) + "/pods";
  }
}
