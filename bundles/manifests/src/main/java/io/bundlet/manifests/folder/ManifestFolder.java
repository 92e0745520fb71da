package io.bundlet.manifests.folder;

import io.bundlet.api.admin.Problem;
import io.bundlet.api.objects.ObjectKey;
import io.bundlet.manifests.folder.ManifestFile.Content;
import io.bundlet.manifests.folder.ManifestPaths.Signature;
import io.bundlet.manifests.objects.ManifestObject;
import io.bundlet.manifests.pod.Origin;
import io.bundlet.manifests.pod.PodDocument.ManifestPod;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that the manifests say now. Remembers what each file said, so that only changed files are read, and that a
 * file that turned wrong does not end its pods. Used by one thread.
 */
public final class ManifestFolder {
  static final int MAX_PODS = 10_000;
  /** A file that was written to a moment ago may be half written. */
  private static final long YOUNG = TimeUnit.MILLISECONDS.toNanos(100);

  /**
   * What to read.
   *
   * @param paths files and directories, absolute
   * @param nodeId see {@link Origin}
   * @param nodeName see {@link Origin}
   * @param suffix see {@link Origin}
   */
  public record Settings(List<Path> paths, String nodeId, String nodeName, boolean suffix) {}

  /**
   * What the manifests say.
   *
   * @param pods all that are wanted, unique by name
   * @param objects all that there are, unique by kind and name
   * @param problems all that is wrong
   * @param directories where changes are to be expected
   * @param unsettled whether a file was passed over because it is being written
   */
  public record Wishes(
      List<Pod> pods, List<ManifestObject> objects, List<Problem> problems, Set<Path> directories, boolean unsettled) {}

  /**
   * A file as it was read; kept are pods and objects of an earlier reading that this one, being wrong, must not end.
   */
  private record Known(
      Signature signature, Content content, List<ManifestPod> kept, List<ManifestObject> keptObjects) {}

  private final Settings settings;
  private final Map<Path, Known> known = new LinkedHashMap<>();
  private final FolderObjects objects = new FolderObjects();
  private Map<String, Path> holders = Map.of();

  /** Reads nothing yet. */
  public ManifestFolder(Settings settings) {
    this.settings = settings;
  }

  /**
   * Looks at all files and reads the changed ones.
   *
   * @param settled whether writers are known to have finished; else files that were written to a moment ago wait
   */
  public Wishes scan(boolean settled) {
    ManifestPaths found = ManifestPaths.of(settings.paths());
    boolean unsettled = false;
    known.keySet().removeIf(file -> !found.files.containsKey(file) && !hidden(file, found.unknown));
    for (Map.Entry<Path, Signature> entry : found.files.entrySet()) {
      Known before = known.get(entry.getKey());
      if (before != null && before.signature().equals(entry.getValue())) {
        continue;
      } else if (!settled && young(entry.getValue())) {
        unsettled = true;
      } else {
        known.put(entry.getKey(), read(entry.getKey(), entry.getValue(), before));
      }
    }
    List<Problem> problems = new ArrayList<>(found.problems);
    List<Path> order = order(found);
    List<Pod> pods = merge(order, problems);
    List<ManifestObject> allObjects = objects.merge(order, this::allObjects, problems);
    return new Wishes(pods, allObjects, List.copyOf(problems), Set.copyOf(found.directories), unsettled);
  }

  private static boolean young(Signature signature) {
    long age = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - signature.modifiedNanos();
    return Math.abs(age) < YOUNG;
  }

  private static boolean hidden(Path file, Set<Path> unknown) {
    return unknown.contains(file) || unknown.contains(file.getParent());
  }

  private Known read(Path file, Signature signature, Known before) {
    Content content = ManifestFile.read(file, ManifestPaths.shown(file),
        new Origin(settings.nodeId(), settings.nodeName(), settings.suffix(), file));
    List<ManifestPod> kept = new ArrayList<>();
    if (before != null && !content.problems().isEmpty()) {
      Set<String> good = new HashSet<>();
      content.pods().forEach(pod -> good.add(pod.key()));
      before.content().pods().stream().filter(pod -> !good.contains(pod.key())).forEach(kept::add);
      before.kept().stream().filter(pod -> !good.contains(pod.key())).forEach(kept::add);
    }
    return new Known(signature, content, List.copyOf(kept), keptObjects(content, before));
  }

  private static List<ManifestObject> keptObjects(Content content, Known before) {
    if (before == null || content.problems().isEmpty()) {
      return List.of();
    }
    Set<ObjectKey> good = content.objects().stream().map(ManifestObject::key).collect(Collectors.toSet());
    return Stream.concat(before.content().objects().stream(), before.keptObjects().stream())
        .filter(object -> !good.contains(object.key())).toList();
  }

  private List<ManifestObject> allObjects(Path file) {
    Known said = known.get(file);
    return Stream.concat(said.content().objects().stream(), said.keptObjects().stream()).toList();
  }

  private List<Path> order(ManifestPaths found) {
    Set<Path> order = new java.util.LinkedHashSet<>(found.files.keySet());
    order.retainAll(known.keySet());
    order.addAll(known.keySet());
    return List.copyOf(order);
  }

  /** One pod for each name: the file that had the name keeps it, else the first in order gets it. */
  private List<Pod> merge(List<Path> order, List<Problem> problems) {
    Map<String, Path> owners = new HashMap<>();
    Set<String> still = new HashSet<>();
    order.forEach(file -> all(file).forEach(pod -> still.add(file + "\0" + pod.key())));
    holders.forEach((key, file) -> {
      if (still.contains(file + "\0" + key)) {
        owners.put(key, file);
      }
    });
    List<Pod> pods = new ArrayList<>();
    int tooMany = 0;
    for (Path file : order) {
      Known said = known.get(file);
      problems.addAll(said.content().problems());
      if (!said.kept().isEmpty() || !said.keptObjects().isEmpty()) {
        problems.add(new Problem(ManifestPaths.shown(file), keptText(said)));
      }
      for (ManifestPod pod : all(file)) {
        Path owner = owners.computeIfAbsent(pod.key(), key -> file);
        if (!owner.equals(file)) {
          problems.add(new Problem(ManifestPaths.shown(file) + ":" + pod.line(), "metadata.name: " + pod.key()
              + " is a pod of " + ManifestPaths.shown(owner) + " already; give it another name"));
        } else if (pods.size() >= MAX_PODS) {
          tooMany++;
        } else {
          pods.add(pod.pod());
        }
      }
    }
    if (tooMany > 0) {
      problems.add(new Problem("manifests", tooMany + " pods left out, a node takes at most " + MAX_PODS));
    }
    holders = owners;
    return List.copyOf(pods);
  }

  private List<ManifestPod> all(Path file) {
    Known said = known.get(file);
    List<ManifestPod> all = new ArrayList<>(said.content().pods());
    all.addAll(said.kept());
    return all;
  }

  private static String keptText(Known said) {
    List<String> names =
        Stream.concat(
                said.kept().stream().map(ManifestPod::key),
                said.keptObjects().stream().map(object -> object.key().toString()))
            .toList();
    String shown = names.size() <= 5 ? String.join(", ", names)
        : String.join(", ", names.subList(0, 5)) + " and " + (names.size() - 5) + " more";
    return (said.keptObjects().isEmpty() ? "until this file is right or deleted, its earlier pods stay as they were: "
        : "until this file is right or deleted, what it held before stays as it was: ") + shown;
  }
}
