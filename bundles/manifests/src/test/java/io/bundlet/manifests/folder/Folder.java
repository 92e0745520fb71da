package io.bundlet.manifests.folder;

import io.bundlet.manifests.folder.ManifestFolder.Settings;
import io.bundlet.manifests.folder.ManifestFolder.Wishes;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A directory of manifests under test. */
final class Folder {
  final Path directory;
  final ManifestFolder folder;

  Folder(Path directory) {
    this.directory = directory;
    this.folder = new ManifestFolder(new Settings(List.of(directory), "node-1", "", false));
  }

  /** A pod with an image. */
  static String pod(String name, String image) {
    return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + "}\nspec:\n  containers:\n  - {name: c, image: "
        + image
        + "}\n";
  }

  /** Renames a complete file into place. */
  void write(String name, String text) throws IOException {
    Path unfinished = Files.writeString(directory.resolve("." + name), text);
    Files.move(unfinished, directory.resolve(name), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  Wishes scan() {
    return folder.scan(true);
  }

  /** Names of the wanted pods. */
  List<String> names() {
    return scan().pods().stream().map(pod -> pod.getMetadata().getName()).toList();
  }

  /** The only pod of a file with the text; there are no problems. */
  Pod only(String text) throws IOException {
    write("only.yaml", text);
    Wishes wishes = scan();
    if (wishes.pods().size() != 1 || !wishes.problems().isEmpty()) {
      throw new AssertionError(wishes.pods().size() + " pods, problems: " + wishes.problems());
    }
    return wishes.pods().getFirst();
  }

  /** All problems, one a line, without the directory. */
  String problems() {
    StringBuilder lines = new StringBuilder();
    scan().problems().forEach(problem -> lines.append(problem.toString().replace(directory + "/", "")).append('\n'));
    return lines.toString();
  }
}
