package io.bundlet.manifests.folder;

import io.bundlet.api.admin.Problem;
import io.bundlet.api.objects.ObjectKey;
import io.bundlet.manifests.objects.ManifestObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** One object for each kind and name: the file that had the name keeps it, else the first in order gets it. */
final class FolderObjects {
  private static final int MOST = 10_000;

  private record Held(Path file, ObjectKey key) {}

  private Map<ObjectKey, Path> holders = Map.of();

  /** The objects that there are. @param all what a file holds */
  List<ManifestObject> merge(List<Path> order, Function<Path, List<ManifestObject>> all, List<Problem> problems) {
    Set<Held> still = new HashSet<>();
    order.forEach(file -> all.apply(file).forEach(object -> still.add(new Held(file, object.key()))));
    Map<ObjectKey, Path> owners = new HashMap<>();
    holders.forEach((key, file) -> {
      if (still.contains(new Held(file, key))) {
        owners.put(key, file);
      }
    });
    List<ManifestObject> objects = new ArrayList<>();
    int tooMany = 0;
    for (Path file : order) {
      for (ManifestObject object : all.apply(file)) {
        Path owner = owners.computeIfAbsent(object.key(), key -> file);
        if (!owner.equals(file)) {
          problems.add(new Problem(ManifestPaths.shown(file) + ":" + object.line(), "metadata.name: " + object.key()
              + " is in " + ManifestPaths.shown(owner) + " already; give it another name"));
        } else if (objects.size() >= MOST) {
          tooMany++;
        } else {
          objects.add(object);
        }
      }
    }
    if (tooMany > 0) {
      problems.add(new Problem("manifests", tooMany + " objects left out, at most " + MOST + " are kept"));
    }
    holders = owners;
    return List.copyOf(objects);
  }
}
