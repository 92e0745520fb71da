package io.bundlet.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Whether there is anything to run, so that nobody waits for a node that can only say that there is not. */
final class ManifestFiles {
  private ManifestFiles() {}

  /**
   * What is wrong with the paths of a command line, a sentence each; a directory that cannot be read is the node's to
   * tell.
   */
  static List<String> problems(List<Path> paths) {
    List<String> problems = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.exists(path)) {
        problems.add(path + ": no such file or directory");
      } else if (Files.isDirectory(path) && Files.isReadable(path) && !holdsManifests(path)) {
        problems.add(path + ": holds no manifest; their names end in .yaml, .yml or .json");
      }
    }
    return problems;
  }

  private static boolean holdsManifests(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString())
          .anyMatch(name -> !name.startsWith(".") && name.matches(".*[.](yaml|yml|json)"));
    } catch (IOException e) {
      // The node looks again and says what it is.
      return true;
    }
  }
}
