package io.bundlet.manifests.pod;

import io.bundlet.manifests.yaml.YamlValue;
import io.bundlet.manifests.yaml.YamlValue.Field;
import io.bundlet.manifests.yaml.YamlValue.Mapping;
import io.bundlet.manifests.yaml.YamlValue.Scalar;
import io.bundlet.manifests.yaml.YamlValue.ScalarType;
import io.bundlet.manifests.yaml.YamlValue.Sequence;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pod's text without the amounts of processor time and memory that its containers ask for: they may become others
 * while the pod runs, so that its uid does not follow from them. Whether they are there, are nothing, or are the same
 * for request and limit stays in the text, because the pod's class of service follows from that, and it has one for
 * its life.
 */
final class Amounts {
  private static final List<String> CHANGEABLE = List.of("cpu", "memory");

  private Amounts() {}

  /** The text's tree without them. @param pod the same, bound */
  static Mapping without(Mapping text, Pod pod) {
    if (!(text.get("spec") instanceof Mapping spec) || !(spec.get("containers") instanceof Sequence containers)) {
      return text;
    }
    List<YamlValue> changed = new ArrayList<>();
    for (int i = 0; i < containers.items().size(); i++) {
      YamlValue container = containers.items().get(i);
      changed.add(container instanceof Mapping mapping ? without(mapping, pod.getSpec().getContainers().get(i))
          : container);
    }
    return with(text, "spec", with(spec, "containers", new Sequence(containers.line(), changed)));
  }

  private static Mapping without(Mapping text, Container container) {
    ResourceRequirements bound = container.getResources();
    if (bound == null || !(text.get("resources") instanceof Mapping resources)) {
      return text;
    }
    Mapping changed = resources;
    for (String part : List.of("requests", "limits")) {
      if (changed.get(part) instanceof Mapping amounts) {
        Mapping of = amounts;
        for (String name : CHANGEABLE) {
          if (of.get(name) instanceof Scalar amount) {
            of = with(of, name, new Scalar(amount.line(), ScalarType.TEXT, word(bound, part, name)));
          }
        }
        changed = with(changed, part, of);
      }
    }
    return with(text, "resources", changed);
  }

  private static String word(ResourceRequirements bound, String part, String name) {
    Quantity request = amount(bound.getRequests(), name);
    Quantity limit = amount(bound.getLimits(), name);
    Quantity own = part.equals("requests") ? request : limit;
    if (own == null || own.getNumericalAmount().signum() == 0) {
      return "none";
    }
    boolean same = request != null && limit != null
        && request.getNumericalAmount().compareTo(limit.getNumericalAmount()) == 0;
    return same ? "request and limit" : part;
  }

  private static Quantity amount(Map<String, Quantity> of, String name) {
    return of == null ? null : of.get(name);
  }

  private static Mapping with(Mapping of, String name, YamlValue value) {
    Map<String, Field> fields = new LinkedHashMap<>(of.fields());
    fields.put(name, new Field(fields.get(name).line(), value));
    return new Mapping(of.line(), fields);
  }
}
