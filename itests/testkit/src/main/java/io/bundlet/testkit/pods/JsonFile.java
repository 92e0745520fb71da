package io.bundlet.testkit.pods;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A file that another process adds lines of JSON to; each line is read once. Not for several threads. */
final class JsonFile {
  static final JsonMapper JSON = new JsonMapper();

  private final Path file;
  private long position;

  JsonFile(Path file) {
    this.file = file;
  }

  /** The lines since the last call; one that is being written is left out. */
  List<JsonNode> more() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    if (!Files.exists(file) || Files.size(file) <= position) {
      return lines;
    }
    byte[] more;
    try (SeekableByteChannel channel = Files.newByteChannel(file);
        InputStream in = Channels.newInputStream(channel.position(position))) {
      more = in.readAllBytes();
    }
    int whole = more.length;
    while (whole > 0 && more[whole - 1] != '\n') {
      whole--;
    }
    position += whole;
    for (String line : new String(more, 0, whole, StandardCharsets.UTF_8).split("\n")) {
      if (!line.isEmpty()) {
        lines.add(JSON.readTree(line));
      }
    }
    return lines;
  }
}
