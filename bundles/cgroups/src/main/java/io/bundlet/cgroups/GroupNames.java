package io.bundlet.cgroups;

import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import java.util.List;
import java.util.regex.Pattern;

/** What groups are called. What comes from others is checked, so that no name leads out of the node's own group. */
final class GroupNames {
  static final String KUBEPODS = "kubepods";
  static final String GUESTS = "guests";
  static final String POD = "pod";
  /** Where pods may be, below {@link #KUBEPODS}: those of the highest class directly in it. */
  static final List<String> CLASSES = List.of("", "burstable", "besteffort");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");

  private GroupNames() {}

  /** The group that all groups of a node are in. */
  static String node(Owner owner) throws ProviderFailure {
    return "bundlet-" + checked("the node's id", owner.node());
  }

  static String pod(String uid) throws ProviderFailure {
    return POD + checked("the pod's uid", uid);
  }

  static String container(String id) throws ProviderFailure {
    return checked("the container's id", id);
  }

  /** One of {@link #CLASSES}. */
  static String qos(String qosClass) throws ProviderFailure {
    return switch (qosClass) {
      case "Guaranteed" -> CLASSES.get(0);
      case "Burstable" -> CLASSES.get(1);
      case "BestEffort" -> CLASSES.get(2);
      default -> throw invalid("the class of service", qosClass);
    };
  }

  private static String checked(String what, String name) throws ProviderFailure {
    if (!NAME.matcher(name).matches()) {
      throw invalid(what, name);
    }
    return name;
  }

  private static ProviderFailure invalid(String what, String name) {
    String shown = name.length() > 60 ? name.substring(0, 60) + "…" : name;
    return ProviderFailure.of(
        ProviderFailure.INVALID, what + " \"" + shown.replaceAll("[^ -~]", "?")
        + "\" cannot be that of a control group");
  }
}
