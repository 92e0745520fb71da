package io.bundlet.core.log;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.PodView;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of one container's logs: {@code <attempt>.log} is being written, {@code <attempt>.log.<stamp>} was rotated
 * away, {@code .gz} is a compressed one and {@code .tmp} one that is being compressed. Stamps rise with each rotation.
 *
 * @param directory the container's directory; may be absent
 */
record LogFiles(Path directory) {
  static final String COMPRESSED = ".gz";
  static final String UNFINISHED = ".tmp";

  private static final Pattern NAME = Pattern.compile("(\\d{1,9})\\.log(?:\\.(\\d{8}-\\d{6})(\\.gz|\\.tmp)?)?");

  /** A file that belongs to a log. The stamp is empty for the one that is being written. */
  record File(Path path, int attempt, String stamp, String ending) {
    boolean compressed() {
      return ending.equals(COMPRESSED);
    }

    boolean unfinished() {
      return ending.equals(UNFINISHED);
    }
  }

  /** The files of this container of the pod. @param logs the directory of all pods' logs */
  static LogFiles of(Path logs, PodView pod, String container) {
    return new LogFiles(
        logs.resolve(pod.namespace() + "_" + pod.name() + "_" + pod.uid()).resolve(container));
  }

  /** All containers of the pod, of whichever kind: each has a log. */
  static List<ContainerView> containers(PodView pod) {
    return Stream.of(pod.containers(), pod.initContainers(), pod.ephemeralContainers()).flatMap(List::stream).toList();
  }

  /** The attempt that this file is of. */
  static OptionalInt attempt(String logFile) {
    Path name = logFile.isEmpty() ? null : Path.of(logFile).getFileName();
    Matcher matcher = NAME.matcher(name == null ? "" : name.toString());
    return matcher.matches() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
  }

  /** The file that this attempt writes. */
  Path current(int attempt) {
    return directory.resolve(attempt + ".log");
  }

  /** All files, by attempt and stamp; the file that is being written comes last in its attempt. */
  List<File> all() throws IOException {
    List<File> found = new ArrayList<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory)) {
      for (Path path : paths) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (name.matches()) {
          found.add(new File(path, Integer.parseInt(name.group(1)), orEmpty(name.group(2)), orEmpty(name.group(3))));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException absent) {
      return List.of();
    } catch (java.nio.file.DirectoryIteratorException failed) {
      throw failed.getCause();
    }
    found.sort(
        Comparator.comparingInt(File::attempt)
            .thenComparing(file -> file.stamp().isEmpty())
            .thenComparing(File::stamp)
            .thenComparing(File::ending));
    return found;
  }

  /** What was rotated away from this attempt's log, oldest first: of a file and its compressed copy the file. */
  List<File> rotated(int attempt) throws IOException {
    List<File> rotated = new ArrayList<>();
    for (File file : all()) {
      boolean counts = file.attempt() == attempt && !file.stamp().isEmpty() && !file.unfinished();
      if (counts && (rotated.isEmpty() || !rotated.getLast().stamp().equals(file.stamp()))) {
        rotated.add(file);
      }
    }
    return rotated;
  }

  /** The stamp of this attempt's last rotation; empty before the first. */
  String lastStamp(int attempt) throws IOException {
    List<File> rotated = rotated(attempt);
    return rotated.isEmpty() ? "" : rotated.getLast().stamp();
  }

  /** The attempts that have a log, in order. */
  List<Integer> attempts() throws IOException {
    return all().stream().filter(file -> !file.unfinished()).map(File::attempt).distinct().toList();
  }

  /** The last attempt before this one that has a log. */
  Optional<Integer> before(int attempt) throws IOException {
    return attempts().stream().filter(each -> each < attempt).reduce((one, later) -> later);
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
