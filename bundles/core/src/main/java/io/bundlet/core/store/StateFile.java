package io.bundlet.core.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The log of records on disk. First line: the format. Each further line: the CRC-32C of the rest in hex, a space, and
 * one entry in JSON. Used by one thread at a time.
 */
final class StateFile {
  private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);
  private static final int FORMAT = 1;
  private static final String HEADER = "bundlet-state ";
  private static final long REWRITE_ABOVE_BYTES = 4 << 20;

  /**
   * A line of the log.
   *
   * @param uid the pod; empty: the node itself
   * @param record what is remembered of the pod; null when it was forgotten
   * @param node what is remembered of the node; null when the entry is a pod's
   */
  record Entry(String uid, PodRecord record, NodeRecord node) {
    static Entry of(String uid, PodRecord record) {
      return new Entry(uid, record, null);
    }

    static Entry of(NodeRecord node) {
      return new Entry("", null, node);
    }

    private boolean forgets() {
      return record == null && node == null;
    }
  }

  private final Path file;
  private final Disk disk;
  private final JsonMapper json =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private FileChannel channel;
  private long rewriteAt = REWRITE_ABOVE_BYTES;

  StateFile(Path file, Disk disk) {
    this.file = file;
    this.disk = disk;
  }

  Path path() {
    return file;
  }

  /**
   * Reads what is remembered, by uid, and readies the file for appending.
   *
   * @throws IOException when the file cannot be read or written, or a newer version of the node wrote it
   */
  Map<String, Entry> open() throws IOException {
    Map<String, Entry> records = new LinkedHashMap<>();
    Files.createDirectories(file.toAbsolutePath().getParent());
    if (Files.exists(file)) {
      read(records);
    }
    rewrite(records.values());
    return records;
  }

  private void read(Map<String, Entry> into) throws IOException {
    String[] lines = Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1);
    if (lines[0].isEmpty()) {
      return;
    }
    if (!lines[0].startsWith(HEADER)) {
      throw new IOException(file + " is not a state file; move it away to start afresh");
    }
    int format = Integer.parseInt(lines[0].substring(HEADER.length()).strip());
    if (format > FORMAT) {
      throw new IOException(
          file + " was written by a newer version (format " + format + ", this one knows " + FORMAT
              + "); start that version, or move the file away to start afresh");
    }
    for (int i = 1; i < lines.length; i++) {
      if (!lines[i].isEmpty()) {
        readLine(lines[i], i + 1, i == lines.length - 1, into);
      }
    }
  }

  private void readLine(String line, int number, boolean last, Map<String, Entry> into) {
    byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length > 9 && line.startsWith(checksum(bytes, 9, bytes.length - 9) + " ")) {
      try {
        Entry entry = json.readValue(bytes, 9, bytes.length - 9, Entry.class);
        if (entry.forgets()) {
          into.remove(entry.uid());
        } else {
          into.put(entry.uid(), entry);
        }
        return;
      } catch (JacksonException unreadable) {
        LOG.warn("{}:{}: a record that cannot be read is left out: {}", file, number, unreadable.getMessage());
        return;
      }
    }
    // A torn last line is what a crash leaves behind; anywhere else the disk has lied.
    LOG.warn("{}:{}: {} is left out", file, number, last ? "a line that was not written to its end" : "a damaged line");
  }

  /** Appends entries and brings them to the disk. */
  void append(Collection<Entry> entries) throws IOException {
    StringBuilder text = new StringBuilder();
    entries.forEach(entry -> text.append(line(entry)));
    write(channel, text.toString());
    channel.force(false);
  }

  /** Whether the file has grown so much that {@link #rewrite} is worth it. */
  boolean grown() throws IOException {
    return channel.position() > rewriteAt;
  }

  /** Replaces the file by one that holds these entries alone. */
  void rewrite(Collection<Entry> entries) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".tmp");
    StringBuilder text = new StringBuilder(HEADER + FORMAT + "\n");
    entries.forEach(entry -> text.append(line(entry)));
    FileChannel fresh = disk.create(next);
    try {
      write(fresh, text.toString());
      fresh.force(true);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failed) {
      fresh.close();
      throw failed;
    }
    close();
    channel = fresh;
    rewriteAt = Math.max(REWRITE_ABOVE_BYTES, 4 * channel.position());
  }

  void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }

  private String line(Entry entry) {
    try {
      byte[] bytes = json.writeValueAsBytes(entry);
      return checksum(bytes, 0, bytes.length) + " " + new String(bytes, StandardCharsets.ISO_8859_1) + "\n";
    } catch (JacksonException impossible) {
      throw new UncheckedIOException(new IOException("record of pod " + entry.uid(), impossible));
    }
  }

  private void write(FileChannel to, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.hasRemaining()) {
      disk.write(to, bytes);
    }
  }

  private static String checksum(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
