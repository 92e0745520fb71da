package io.bundlet.core.cluster;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.api.node.NodeAddition;
import io.bundlet.api.node.NodeCondition;
import io.bundlet.api.node.NodeFacet;
import io.bundlet.core.time.NodeTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What other bundles add to the node, checked: one label that the API server refuses would keep the whole node away.
 * Used by one thread.
 */
final class NodeFacets {
  private static final Logger LOG = LoggerFactory.getLogger(NodeFacets.class);
  private static final int MOST = 100;
  private static final int LONGEST = 16 << 10;
  private static final int LONGEST_MESSAGE = 1024;
  private static final Set<String> STATUSES = Set.of("True", "False", "Unknown");
  private static final String REASON = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?";

  private final NodeTime time;
  private final Map<String, ConditionView> before = new HashMap<>();
  private final Set<String> resourcesEver = new LinkedHashSet<>();
  private final Set<String> told = new LinkedHashSet<>();
  private Map<String, String> labels = Map.of();
  private Map<String, String> annotations = Map.of();
  private Map<String, Long> resources = Map.of();
  private List<ConditionView> conditions = List.of();

  NodeFacets(NodeTime time) {
    this.time = time;
  }

  /** Looks at what they say now; of two that say the same thing the first counts. */
  void look(List<NodeFacet> facets) {
    labels = new TreeMap<>();
    annotations = new TreeMap<>();
    resources = new TreeMap<>();
    Map<String, NodeCondition> all = new TreeMap<>();
    for (NodeFacet facet : facets) {
      try {
        take(facet.addition(), all);
      } catch (RuntimeException | LinkageError defect) {
        say("a facet of the node failed: " + defect);
      }
    }
    resources.keySet().stream().limit(MOST).forEach(resourcesEver::add);
    resourcesEver.forEach(name -> resources.putIfAbsent(name, 0L));
    List<ConditionView> now = new ArrayList<>();
    all.values().forEach(condition -> now.add(view(condition)));
    before.keySet().retainAll(all.keySet());
    conditions = now;
  }

  private void take(NodeAddition addition, Map<String, NodeCondition> all) {
    addition.labels().entrySet().stream().limit(MOST).forEach(label -> {
      Optional<String> wrong = NodeWords.wrongLabel(label.getKey(), label.getValue());
      if (wrong.isPresent() || foreign(label.getKey())) {
        say("the label \"" + label.getKey() + "\" of a facet is left out: it needs a prefix of the bundle's own");
      } else {
        labels.putIfAbsent(label.getKey(), label.getValue());
      }
    });
    addition.annotations().entrySet().stream().limit(MOST).forEach(annotation -> {
      if (foreign(annotation.getKey()) || annotation.getValue().length() > LONGEST) {
        say("the annotation \"" + annotation.getKey() + "\" of a facet is left out: it needs a prefix of the bundle's"
            + " own, and no more than " + LONGEST + " characters");
      } else {
        annotations.putIfAbsent(annotation.getKey(), annotation.getValue());
      }
    });
    addition.resources().entrySet().stream().limit(MOST).forEach(resource -> {
      if (foreign(resource.getKey())) {
        say("the resource \"" + resource.getKey() + "\" of a facet is left out: it needs a prefix of the bundle's own");
      } else {
        resources.putIfAbsent(resource.getKey(), resource.getValue());
      }
    });
    addition.conditions().stream().limit(MOST).forEach(condition -> {
      if (foreign(condition.type()) || !STATUSES.contains(condition.status()) || !condition.reason().matches(REASON)) {
        say("the condition \"" + condition.type() + "\" of a facet is left out: it needs a prefix of the bundle's own,"
            + " a status True, False or Unknown, and a reason of one word");
      } else {
        all.putIfAbsent(condition.type(), condition);
      }
    });
  }

  /** What has no prefix, or one of Kubernetes or of the node, is not for others to say. */
  private static boolean foreign(String key) {
    return !key.contains("/") || !NodeWords.isKey(key) || NodeWords.isKubernetes(key)
        || key.startsWith(NodeObject.HANDLER);
  }

  private ConditionView view(NodeCondition from) {
    ConditionView last = before.get(from.type());
    Instant since = last != null && last.status().equals(from.status()) ? last.since() : time.now();
    String message =
        from.message().length() > LONGEST_MESSAGE ? from.message().substring(0, LONGEST_MESSAGE) : from.message();
    ConditionView now = new ConditionView(from.type(), from.status(), from.reason(), message, since);
    before.put(from.type(), now);
    return now;
  }

  private void say(String problem) {
    if (told.size() < MOST && told.add(problem)) {
      LOG.warn("{}", problem);
    }
  }

  Map<String, String> labels() {
    return labels;
  }

  Map<String, String> annotations() {
    return annotations;
  }

  /** By name; of those that were there once and are not any more there are 0. */
  Map<String, Long> resources() {
    return resources;
  }

  List<ConditionView> conditions() {
    return conditions;
  }
}
