package org.example.notices;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** The board as a cluster has it: a text is a ConfigMap, and a notice is held by a finalizer. */
final class ClusterBoard implements Board {
  static final String FINALIZER = "example.org/notices";
  /** On what is posted. */
  static final String LABEL = "example.org/notice";
  private static final String TEXT = "text";

  /** However many notices there are. */
  private static final int MOST_REQUESTS = 8;
  private static final int MOST_CONFLICTS = 5;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int TEST_FAILED = 422;

  private final KubernetesClient client;
  private final String node;
  private final Semaphore turns = new Semaphore(MOST_REQUESTS);

  ClusterBoard(KubernetesClient client, String node) {
    this.client = client;
    this.node = node;
  }

  /** The uid of the notice that this belongs to. */
  static Optional<String> owner(ConfigMap map) {
    return map.getMetadata().getOwnerReferences().stream().filter(each -> "Notice".equals(each.getKind()))
        .map(OwnerReference::getUid).findFirst();
  }

  @Override
  public String node() {
    return node;
  }

  @Override
  public void hold(Notice notice) throws NoticeFailure, InterruptedException {
    if (!finalizers(notice, true)) {
      throw new NoticeFailure("it is not there any more");
    }
  }

  @Override
  public void release(Notice notice) throws NoticeFailure, InterruptedException {
    // What was heard of last may be older than our own finalizer.
    Notice now = fresh(notice);
    if (now != null) {
      finalizers(now, false);
    }
  }

  /** Puts our finalizer on or takes it off, and leaves those of others alone. @return whether the notice is there */
  private boolean finalizers(Notice seen, boolean held) throws NoticeFailure, InterruptedException {
    Notice now = seen;
    for (int conflicts = 0; now != null && conflicts < MOST_CONFLICTS; conflicts++) {
      List<String> names = new ArrayList<>(now.getMetadata().getFinalizers());
      if (names.contains(FINALIZER) == held) {
        return true;
      }
      if (held) {
        names.add(FINALIZER);
      } else {
        names.remove(FINALIZER);
      }
      String patch = json(Map.of("metadata", version(now, Map.of("finalizers", names))));
      try {
        request(() -> resource(seen).patch(PatchContext.of(PatchType.JSON_MERGE), patch));
        return true;
      } catch (Refusal refused) {
        if (refused.code != CONFLICT && refused.code != NOT_FOUND) {
          throw refused.failure();
        }
        now = fresh(seen);
      }
    }
    if (now != null) {
      throw new NoticeFailure("it is changed all the time");
    }
    return false;
  }

  /** The notice as it is in the server; null when it is not there any more. */
  private Notice fresh(Notice notice) throws NoticeFailure, InterruptedException {
    Notice now = answer(() -> resource(notice).get());
    return now != null && now.uid().equals(notice.uid()) ? now : null;
  }

  @Override
  public String post(Notice notice) throws NoticeFailure, InterruptedException {
    String text = notice.getSpec() == null || notice.getSpec().text() == null ? "" : notice.getSpec().text();
    ConfigMap there = answer(() -> maps(notice).withName(mapName(notice)).get());
    if (there == null) {
      ConfigMap wanted = new ConfigMapBuilder().withNewMetadata().withNamespace(notice.namespace())
          .withName(mapName(notice)).addToLabels(LABEL, "posted").addNewOwnerReference()
          .withApiVersion(notice.getApiVersion()).withKind(notice.getKind()).withName(notice.name())
          .withUid(notice.uid()).withController(true).endOwnerReference().endMetadata().addToData(TEXT, text).build();
      answer(() -> maps(notice).resource(wanted).create());
    } else if (!ours(there, notice)) {
      throw new NoticeFailure("the ConfigMap " + mapName(notice) + " is not of this notice; it has to go first");
    } else if (there.getData() == null || !text.equals(there.getData().get(TEXT))) {
      String patch = json(Map.of("metadata", version(there, Map.of()), "data", Map.of(TEXT, text)));
      answer(() -> maps(notice).resource(there).patch(PatchContext.of(PatchType.JSON_MERGE), patch));
    }
    return mapName(notice);
  }

  @Override
  public void withdraw(Notice notice) throws NoticeFailure, InterruptedException {
    Resource<ConfigMap> resource = maps(notice).withName(mapName(notice));
    ConfigMap there = answer(resource::get);
    if (there != null && ours(there, notice)) {
      answer(() -> resource.lockResourceVersion(there.getMetadata().getResourceVersion()).delete());
    }
  }

  @Override
  public void tell(Notice notice, NoticeStatus status) throws NoticeFailure, InterruptedException {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("phase", status.phase());
    said.put("nodeName", status.nodeName());
    said.put("configMap", status.configMap());
    said.put("message", status.message());
    said.put("observedGeneration", status.observedGeneration());
    said.values().removeIf(value -> value == null);
    // The server carries it out only if the object is still the same one, whatever else has changed in it.
    String patch = json(List.of(
        Map.of("op", "test", "path", "/metadata/uid", "value", notice.uid()),
        Map.of("op", "add", "path", "/status", "value", said)));
    try {
      request(() -> resource(notice).subresource("status").patch(PatchContext.of(PatchType.JSON), patch));
    } catch (Refusal refused) {
      throw refused.code == TEST_FAILED || refused.code == NOT_FOUND
          ? new NoticeFailure("it is not there any more") : refused.failure();
    }
  }

  private static Map<String, Object> version(HasMetadata of, Map<String, ?> more) {
    Map<String, Object> metadata = new LinkedHashMap<>(more);
    metadata.put("uid", of.getMetadata().getUid());
    metadata.put("resourceVersion", of.getMetadata().getResourceVersion());
    return metadata;
  }

  private static boolean ours(ConfigMap map, Notice notice) {
    return owner(map).filter(notice.uid()::equals).isPresent();
  }

  private static String mapName(Notice notice) {
    return "notice-" + notice.name();
  }

  private NonNamespaceOperation<ConfigMap, ConfigMapList, Resource<ConfigMap>> maps(Notice notice) {
    return client.configMaps().inNamespace(notice.namespace());
  }

  private Resource<Notice> resource(Notice notice) {
    // By its name alone, the client would read it before each patch.
    return client.resources(Notice.class).inNamespace(notice.namespace()).resource(notice);
  }

  private String json(Object tree) {
    return client.getKubernetesSerialization().asJson(tree);
  }

  /** What is asked of the server. */
  private interface Request<T> {
    T send();
  }

  /** The server says no, or nothing at all. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    Refusal(KubernetesClientException thrown) {
      super(words(thrown));
      code = thrown.getCode();
    }

    private static String words(KubernetesClientException thrown) {
      String said = thrown.getStatus() == null ? null : thrown.getStatus().getMessage();
      Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
      String text = said == null ? "the API server cannot be asked: " + cause.getMessage() : said;
      return text.length() > 300 ? text.substring(0, 300) + "..." : text;
    }

    NoticeFailure failure() {
      return new NoticeFailure(getMessage());
    }
  }

  private <T> T answer(Request<T> request) throws NoticeFailure, InterruptedException {
    try {
      return request(request);
    } catch (Refusal refused) {
      throw refused.failure();
    }
  }

  private <T> T request(Request<T> request) throws Refusal, InterruptedException {
    turns.acquire();
    try {
      return request.send();
    } catch (KubernetesClientException thrown) {
      // The client takes an interrupt for a failure, and leaves the thread interrupted.
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new Refusal(thrown);
    } finally {
      turns.release();
    }
  }
}
