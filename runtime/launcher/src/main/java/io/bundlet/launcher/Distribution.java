package io.bundlet.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The frozen set of bundles that was tested together: {@code bundles.list} says which, at which start level each of
 * them starts, and of some of them for which configuration they are there.
 */
final class Distribution {
  private final Path home;

  Distribution(Path home) {
    this.home = home;
  }

  /** A bundle of the distribution. @param pid the configuration without which nobody needs it; empty: all do */
  record Entry(int startLevel, Path jar, String pid) {}

  /** The distribution that this program was started from. */
  static Distribution ofThisProcess() throws StartFailure {
    String home = System.getProperty("bundlet.home");
    if (home == null || !Files.isRegularFile(Path.of(home, "bundles.list"))) {
      throw new StartFailure("no distribution" + (home == null ? "" : " in " + home)
          + "; start bundlet with the script bin/bundlet of the distribution");
    }
    return new Distribution(Path.of(home).toAbsolutePath().normalize());
  }

  Path home() {
    return home;
  }

  Path conf() {
    return home.resolve("conf");
  }

  Path bundles() {
    return home.resolve("bundles");
  }

  Path plugins() {
    return home.resolve("plugins");
  }

  /**
   * The bundles in the order of the list. A jar that was taken out of the distribution is left out: what it offers is
   * then missing until it is put into the plugins folder.
   */
  List<Entry> entries() throws StartFailure {
    List<Entry> entries = new ArrayList<>();
    Path list = home.resolve("bundles.list");
    try {
      int number = 0;
      for (String line : Files.readAllLines(list)) {
        number++;
        String text = line.strip();
        if (text.isEmpty() || text.startsWith("#")) {
          continue;
        }
        String[] words = text.split("\\s+");
        if (words.length < 2 || words.length > 3 || !words[0].matches("[1-9]")) {
          throw new StartFailure(
              list + ":" + number + ": a line is START-LEVEL JAR [PID], such as '4 io.bundlet.core.jar'");
        }
        Path jar = bundles().resolve(words[1]);
        if (Files.isRegularFile(jar)) {
          entries.add(new Entry(Integer.parseInt(words[0]), jar, words.length == 3 ? words[2] : ""));
        }
      }
    } catch (IOException e) {
      throw new StartFailure(list + " cannot be read: " + Reasons.of(e), e);
    }
    return entries;
  }
}
