package io.bundlet.manifests.pod;

import io.bundlet.manifests.model.Findings;
import io.bundlet.manifests.model.Findings.Finding;
import io.bundlet.manifests.model.ModelBinder;
import io.bundlet.manifests.model.Suggestion;
import io.bundlet.manifests.objects.ManifestObject;
import io.bundlet.manifests.objects.ObjectReader;
import io.bundlet.manifests.yaml.CanonicalText;
import io.bundlet.manifests.yaml.YamlValue;
import io.bundlet.manifests.yaml.YamlValue.Field;
import io.bundlet.manifests.yaml.YamlValue.Mapping;
import io.bundlet.manifests.yaml.YamlValue.Scalar;
import io.bundlet.manifests.yaml.YamlValue.ScalarType;
import io.bundlet.manifests.yaml.YamlValue.Sequence;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The pods and objects of one document: one of them, or a list of them. */
public final class PodDocument {
  /** What a server adds to an object; dropped, so that the output of {@code kubectl get -o yaml} can be used. */
  private static final Set<String> OF_THE_SERVER = Set.of("uid", "resourceVersion", "generation", "creationTimestamp",
      "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields", "selfLink", "ownerReferences");

  private static final Set<String> KINDS =
      Set.of("Pod", "ConfigMap", "Secret", "List", "PodList", "ConfigMapList", "SecretList");

  /**
   * A pod and where it stands.
   *
   * @param line line of the file, from 1
   */
  public record ManifestPod(int line, Pod pod) {
    /** {@code namespace/name}. */
    public String key() {
      return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    }
  }

  private final Origin origin;
  private final Consumer<ManifestPod> pods;
  private final Consumer<ManifestObject> objects;
  private final Consumer<Finding> problems;

  /** Tells the consumers what it finds. */
  public PodDocument(
      Origin origin, Consumer<ManifestPod> pods, Consumer<ManifestObject> objects, Consumer<Finding> problems) {
    this.origin = origin;
    this.pods = pods;
    this.objects = objects;
    this.problems = problems;
  }

  /** Reads a document. */
  public void read(YamlValue document) {
    Findings findings = new Findings(document, "");
    if (document instanceof Mapping mapping) {
      String kind = mapping.text("kind");
      header(mapping, findings);
      if (findings.isEmpty() && kind.equals("Pod")) {
        pod(mapping, "");
        return;
      } else if (findings.isEmpty() && ObjectReader.KINDS.contains(kind)) {
        object(mapping, "");
        return;
      } else if (findings.isEmpty()) {
        list(mapping, findings);
      }
    } else {
      findings.add("", "is " + document.kind() + ", must be a Kubernetes object with apiVersion, kind and metadata");
    }
    findings.all().forEach(problems);
  }

  private static void header(Mapping mapping, Findings findings) {
    String kind = mapping.text("kind");
    String apiVersion = mapping.text("apiVersion");
    if (kind.isEmpty()) {
      findings.add("kind", "is missing; write \"kind: Pod\"");
    } else if (!KINDS.contains(kind)) {
      findings.add("kind", "unknown kind " + Names.shown(kind) + "; manifests hold Pod, ConfigMap, Secret and "
          + "lists of them");
    } else if (apiVersion.isEmpty()) {
      findings.add("apiVersion", "is missing; write \"apiVersion: v1\"");
    } else if (!apiVersion.equals("v1")) {
      findings.add("apiVersion", "unknown version " + Names.shown(apiVersion) + " of " + kind + "; write v1");
    }
  }

  private void list(Mapping list, Findings findings) {
    list.fields().forEach((name, field) -> {
      if (!Set.of("apiVersion", "kind", "metadata", "items").contains(name)) {
        findings.addAt(field.line(), name, "unknown field; " + Suggestion.of(name, List.of("metadata", "items")));
      }
    });
    if (!(list.get("items") instanceof Sequence items)) {
      findings.add("items", "is missing or no list; write the pods below \"items:\"");
      return;
    }
    for (int i = 0; i < items.items().size(); i++) {
      String prefix = "items[" + i + "].";
      Findings ofItem = new Findings(items.items().get(i), prefix);
      if (!(items.items().get(i) instanceof Mapping item)) {
        ofItem.add("", "is " + items.items().get(i).kind() + ", must be a Pod");
      } else {
        String kind = list.text("kind");
        if (!item.fields().containsKey("kind") && kind.length() > "List".length()) {
          item = withHeader(item, kind.substring(0, kind.length() - "List".length()));
        }
        header(item, ofItem);
        if (ofItem.isEmpty() && item.text("kind").endsWith("List")) {
          ofItem.add("kind", "a list holds no lists");
        } else if (ofItem.isEmpty() && item.text("kind").equals("Pod")) {
          pod(item, prefix);
        } else if (ofItem.isEmpty()) {
          object(item, prefix);
        }
      }
      ofItem.all().forEach(problems);
    }
  }

  private static Mapping withHeader(Mapping item, String kind) {
    Map<String, Field> fields = new LinkedHashMap<>(item.fields());
    fields.put("kind", new Field(item.line(), new Scalar(item.line(), ScalarType.TEXT, kind)));
    fields.putIfAbsent("apiVersion", new Field(item.line(), new Scalar(item.line(), ScalarType.TEXT, "v1")));
    return new Mapping(item.line(), fields);
  }

  private void object(Mapping written, String prefix) {
    Mapping wish = withoutServerFields(written);
    Findings findings = new Findings(wish, prefix);
    new ObjectReader(findings).read(wish).ifPresent(objects);
    findings.all().forEach(problems);
  }

  private void pod(Mapping written, String prefix) {
    Mapping wish = withoutServerFields(written);
    Findings findings = new Findings(wish, prefix);
    Pod pod = new ModelBinder(findings).bind(wish, Pod.class);
    // a field that was not understood is missing in the pod; what follows from that would only confuse
    if (findings.isEmpty()) {
      new PodChecks(findings).check(pod, volumesWithSeveralSources(wish));
    }
    if (findings.isEmpty()) {
      pods.accept(new ManifestPod(written.line(), completed(pod, CanonicalText.of(Amounts.without(wish, pod)))));
    }
    findings.all().forEach(problems);
  }

  private Pod completed(Pod pod, String canonical) {
    ObjectMeta metadata = pod.getMetadata();
    String uid = PodUid.of(origin, canonical);
    metadata.setUid(uid);
    metadata.setNamespace(metadata.getNamespace() == null ? "default" : metadata.getNamespace());
    if (origin.suffix()) {
      metadata.setName(metadata.getName() + "-" + origin.nodeName().toLowerCase(Locale.ROOT));
    }
    if (!origin.nodeName().isEmpty()) {
      pod.getSpec().setNodeName(origin.nodeName());
    }
    Map<String, String> annotations = new HashMap<>();
    if (metadata.getAnnotations() != null) {
      annotations.putAll(metadata.getAnnotations());
    }
    annotations.put("kubernetes.io/config.source", "file");
    annotations.put("kubernetes.io/config.hash", uid);
    metadata.setAnnotations(annotations);
    new PodDefaults(origin.file().getParent()).fill(pod.getSpec());
    return pod;
  }

  private static Mapping withoutServerFields(Mapping pod) {
    Map<String, Field> fields = new LinkedHashMap<>(pod.fields());
    fields.remove("status");
    if (fields.get("metadata") instanceof Field metadata && metadata.value() instanceof Mapping mapping) {
      Map<String, Field> kept = new LinkedHashMap<>(mapping.fields());
      kept.keySet().removeAll(OF_THE_SERVER);
      fields.put("metadata", new Field(metadata.line(), new Mapping(mapping.line(), kept)));
    }
    return new Mapping(pod.line(), fields);
  }

  private static Set<String> volumesWithSeveralSources(Mapping pod) {
    Set<String> paths = new HashSet<>();
    if (pod.get("spec") instanceof Mapping spec && spec.get("volumes") instanceof Sequence volumes) {
      for (int i = 0; i < volumes.items().size(); i++) {
        if (volumes.items().get(i) instanceof Mapping volume) {
          long sources = volume.fields().entrySet().stream().filter(field -> !field.getKey().equals("name"))
              .filter(field -> !(field.getValue().value() instanceof Scalar)).count();
          if (sources > 1) {
            paths.add("spec.volumes[" + i + "]");
          }
        }
      }
    }
    return paths;
  }
}
