package io.bundlet.e2e.containers;

import io.bundlet.testkit.containerd.Containerd;

/**
 * A field of CRI, a pod for which the node sets it, one for which it does not, and where the difference is seen.
 *
 * @param field as CRI names it
 * @param with the pod for which it is set
 * @param without the pod for which it is not
 * @param seen where; run in the container when it is a command
 * @param expected a regular expression of the whole of what is seen where it is set
 */
record FieldRow(String field, Pod with, Pod without, Seen seen, String expected) {
  /** Looks at a pod that runs. */
  @FunctionalInterface
  interface Outside {
    String look(RunningPod pod) throws Exception;
  }

  /** Where something is seen: by a command in the container, or else from outside. */
  record Seen(String command, Outside outside) {
    boolean inside() {
      return outside == null;
    }
  }

  /**
   * What a manifest says beside the usual.
   *
   * @param metadata in the pod's metadata
   * @param spec in the pod's specification, lines with an indentation of two
   * @param container in its container, lines with an indentation of four
   * @param image the container's
   */
  record Pod(String metadata, String spec, String container, String image) {
    static final Pod PLAIN = new Pod("", "", "", Containerd.BUSYBOX_IMAGE);

    static Pod spec(String spec) {
      return new Pod("", spec, "", Containerd.BUSYBOX_IMAGE);
    }

    static Pod container(String container) {
      return new Pod("", "", container, Containerd.BUSYBOX_IMAGE);
    }

    static Pod both(String spec, String container) {
      return new Pod("", spec, container, Containerd.BUSYBOX_IMAGE);
    }

    static Pod metadata(String metadata) {
      return new Pod(metadata, "", "", Containerd.BUSYBOX_IMAGE);
    }

    Pod of(String other) {
      return new Pod(metadata, spec, container, other);
    }

    /** The whole manifest. @param command what it runs; empty: what {@link #container} says, or the image */
    String manifest(String name, String command) {
      String run = command.isEmpty()
          ? "" : "    command: [/bin/sh, -c, '" + command.replace("'", "''") + "']\n";
      return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + (metadata.isEmpty() ? "" : ", " + metadata)
          + "}\nspec:\n  runtimeClassName: runc\n  restartPolicy: Never\n  terminationGracePeriodSeconds: 1\n"
          + lines(spec, 2) + "  containers:\n  - name: main\n    image: " + image + "\n" + run + lines(container, 4);
    }

    private static String lines(String text, int indentation) {
      return text.isEmpty() ? "" : text.stripTrailing().indent(indentation);
    }
  }

  /** Seen by a command in the container. */
  static FieldRow inside(String field, Pod with, String command, String expected) {
    return new FieldRow(field, with, Pod.PLAIN, new Seen(command, null), expected);
  }

  /** Seen from outside while the container sleeps. */
  static FieldRow outside(String field, Pod with, Outside outside, String expected) {
    return new FieldRow(field, with, Pod.PLAIN, new Seen("exec sleep 1000", outside), expected);
  }

  FieldRow against(Pod other) {
    return new FieldRow(field, with, other, seen, expected);
  }
}
