package io.bundlet.volumes.atomic;

import io.bundlet.linux.Removal;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** Writes a volume. One call at a time for one volume. */
public final class AtomicWriter {
  /** The link through which readers go. */
  static final String DATA = "..data";
  private static final String NEXT_DATA = "..data_tmp";
  private static final int DIRECTORY_MODE = 0755;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy_MM_dd_HH_mm_ss", Locale.ROOT);

  private final Path volume;
  private final Optional<Ownership> ownership;

  /** Writes this directory, which exists. */
  public AtomicWriter(Path volume, Optional<Ownership> ownership) {
    this.volume = volume;
    this.ownership = ownership;
  }

  /**
   * Has the volume hold these files and no others.
   *
   * @return whether anything had to be written
   */
  public boolean write(Payload payload) throws IOException {
    Optional<Path> before = current();
    boolean same = before.isPresent() && same(payload, before.get());
    if (!same) {
      Path made = fill(payload);
      Path link = volume.resolve(NEXT_DATA);
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, made.getFileName());
      Files.move(link, volume.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
    }
    show(payload.topNames());
    removeStale(payload.topNames());
    return !same;
  }

  /** The directory that readers see now; none when there is no good one. */
  private Optional<Path> current() throws IOException {
    Path link = volume.resolve(DATA);
    if (!Files.isSymbolicLink(link)) {
      return Optional.empty();
    }
    Path target = Files.readSymbolicLink(link);
    boolean ours = target.getNameCount() == 1 && dated(target.toString());
    Path directory = volume.resolve(target.getFileName());
    return ours && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) ? Optional.of(directory) : Optional.empty();
  }

  private static boolean dated(String name) {
    return name.matches("\\.\\.\\d{4}(_\\d\\d){5}\\.\\d+");
  }

  private boolean same(Payload payload, Path directory) throws IOException {
    Map<String, Path> found = new TreeMap<>();
    try (Stream<Path> below = Files.walk(directory)) {
      below.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .forEach(path -> found.put(directory.relativize(path).toString(), path));
    }
    if (!found.keySet().equals(payload.files().keySet())) {
      return false;
    }
    for (Map.Entry<String, PayloadFile> entry : payload.files().entrySet()) {
      if (!same(entry.getValue(), found.get(entry.getKey()))) {
        return false;
      }
    }
    return true;
  }

  private boolean same(PayloadFile wanted, Path file) throws IOException {
    Map<String, Object> is = Files.readAttributes(file, "unix:mode,size,isRegularFile", LinkOption.NOFOLLOW_LINKS);
    return (Boolean) is.get("isRegularFile")
        && (Long) is.get("size") == wanted.content().length
        && ((Integer) is.get("mode") & 07777) == mode(wanted)
        && java.util.Arrays.equals(Files.readAllBytes(file), wanted.content());
  }

  private int mode(PayloadFile file) {
    return ownership.map(given -> given.ofFile(file.mode())).orElse(file.mode());
  }

  private Path fill(Payload payload) throws IOException {
    Path made =
        volume.resolve(
            ".." + LocalDateTime.now().format(TIME) + "." + ThreadLocalRandom.current().nextInt(1_000_000_000));
    makeDirectory(made);
    for (Map.Entry<String, PayloadFile> entry : payload.files().entrySet()) {
      Path file = made.resolve(entry.getKey());
      List<Path> missing = new ArrayList<>();
      for (Path above = file.getParent(); !Files.exists(above); above = above.getParent()) {
        missing.add(above);
      }
      for (Path directory : missing.reversed()) {
        makeDirectory(directory);
      }
      Files.write(file, entry.getValue().content(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      Files.setAttribute(file, "unix:mode", entry.getValue().mode());
      if (entry.getValue().owner().isPresent()) {
        Files.setAttribute(file, "unix:uid", (int) entry.getValue().owner().getAsLong());
      }
    }
    if (ownership.isPresent()) {
      ownership.get().giveAll(made);
    }
    return made;
  }

  private static void makeDirectory(Path directory) throws IOException {
    Files.createDirectory(directory);
    Files.setAttribute(directory, "unix:mode", DIRECTORY_MODE);
  }

  private void show(Set<String> names) throws IOException {
    for (String name : names) {
      Path link = volume.resolve(name);
      Path target = Path.of(DATA).resolve(name);
      if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
        continue;
      }
      Removal.tree(link);
      Files.createSymbolicLink(link, target);
      if (ownership.isPresent()) {
        ownership.get().give(link);
      }
    }
  }

  /** Removes links to what is no more, directories from before, and what a writer that died has left. */
  private void removeStale(Set<String> names) throws IOException {
    String data = Files.readSymbolicLink(volume.resolve(DATA)).toString();
    List<Path> stale = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(volume)) {
      for (Path path : all) {
        String name = path.getFileName().toString();
        boolean link = name.equals(DATA) || names.contains(name);
        if (!link && !name.equals(data)) {
          stale.add(path);
        }
      }
    } catch (NoSuchFileException gone) {
      return;
    }
    for (Path path : stale) {
      Removal.tree(path);
    }
  }
}
