package io.bundlet.e2e.peer;

import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A manifest of the comparison; what is done with it stands in comments at its head.
 *
 * @param name of the file and of its pod
 * @param about what it shows
 * @param after how long after its turn it is put into the folder
 * @param watch for how long it stays there
 * @param loops whether its pod goes on changing, so that the last of its states are a matter of time
 * @param bad whether its pod cannot run, or not well, and belongs into the table of what is said of such pods
 * @param text with {@code ${said}} for the directory that its containers write to, and {@code ${image}}, {@code ${www}}
 *     and {@code ${nobody}} for images that run as root, as somebody by name, and as somebody they do not know
 */
record PeerManifest(
    String name, String about, Duration after, Duration watch, boolean loops, boolean bad, String text) {
  private static final Path FOLDER =
      Distribution.repository().resolve("itests/e2e/src/test/resources/io/bundlet/e2e/peer/manifests");

  /** All of them, or those whose names match the regular expression of {@code -Dpeer.only}. */
  static List<PeerManifest> all() throws IOException {
    String only = System.getProperty("peer.only", ".*");
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().map(PeerManifest::read)
          .filter(manifest -> manifest.name.matches(only)).toList();
    }
  }

  private static PeerManifest read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    String name = file.getFileName().toString().replace(".yaml", "");
    return new PeerManifest(
        name, text.lines().findFirst().orElseThrow().substring(2), Duration.ofSeconds(number(text, "after").orElse(0L)),
        Duration.ofSeconds(number(text, "watch").orElseThrow()), text.lines().anyMatch("# loops"::equals),
        text.lines().anyMatch("# bad"::equals), text);
  }

  private static Optional<Long> number(String text, String key) {
    String head = "# " + key + ": ";
    return text.lines().filter(line -> line.startsWith(head)).findFirst()
        .map(line -> Long.valueOf(line.substring(head.length())));
  }

  /** What a kubelet is given. @param said the directory that the containers write to */
  String yaml(Path said) {
    return text.replace("${said}", said.toString()).replace("${image}", Containerd.BUSYBOX_IMAGE)
        .replace("${www}", Containerd.NAMED_USER_IMAGE).replace("${nobody}", Containerd.UNKNOWN_USER_IMAGE);
  }
}
