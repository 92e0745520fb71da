package io.bundlet.manifests.folder;

import io.bundlet.api.admin.Problem;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which files there are to read: those that are named, and those in the directories that are named. */
final class ManifestPaths {
  static final int MAX_FILES = 1000;
  private static final int MAX_LISTED = 100_000;

  /** Tells a changed file from an unchanged one without reading it. */
  record Signature(Object fileKey, long modifiedNanos, long size, Object changed) {}

  /** The files to read, each with its signature. */
  final Map<Path, Signature> files = new LinkedHashMap<>();
  /** Directories or files that are there but cannot be looked at: what they said before stays. */
  final Set<Path> unknown = new LinkedHashSet<>();
  /** The directories to watch. */
  final Set<Path> directories = new LinkedHashSet<>();
  final List<Problem> problems = new ArrayList<>();

  private int tooMany;

  /** Looks at all paths. */
  static ManifestPaths of(List<Path> paths) {
    ManifestPaths found = new ManifestPaths();
    for (Path path : paths) {
      found.look(path);
    }
    if (found.tooMany > 0) {
      found.problems.add(new Problem("manifests", found.tooMany + " files left out, at most " + MAX_FILES
          + " are read; "
          + "put several pods into a file"));
    }
    return found;
  }

  private void look(Path path) {
    try {
      if (Files.readAttributes(path, BasicFileAttributes.class).isDirectory()) {
        directories.add(path);
        list(path);
        return;
      }
    } catch (NoSuchFileException e) {
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        watchParent(path);
        problems.add(new Problem(shown(path), "no such file or directory; it is read as soon as it is there"));
        return;
      }
    } catch (IOException e) {
      unknown.add(path);
      problems.add(new Problem(shown(path), "cannot be read: " + ManifestFile.why(e)));
      return;
    }
    watchParent(path);
    file(path);
  }

  private void watchParent(Path path) {
    if (path.getParent() != null && Files.isDirectory(path.getParent())) {
      directories.add(path.getParent());
    }
  }

  private void list(Path directory) {
    Set<Path> sorted = new TreeSet<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(directory, entry -> isManifest(entry.getFileName()))) {
      for (Path entry : entries) {
        if (sorted.size() >= MAX_LISTED) {
          tooMany++;
          break;
        }
        sorted.add(entry);
      }
    } catch (IOException e) {
      unlistable(directory, e);
      return;
    } catch (DirectoryIteratorException e) {
      unlistable(directory, e.getCause());
      return;
    }
    sorted.forEach(this::file);
  }

  private void unlistable(Path directory, IOException e) {
    unknown.add(directory);
    problems.add(new Problem(shown(directory), "cannot be listed: " + ManifestFile.why(e)));
  }

  /** Hidden files are passed over: editors and tools keep what is not ready under such names. */
  static boolean isManifest(Path fileName) {
    String name = fileName.toString();
    return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
  }

  private void file(Path file) {
    if (files.containsKey(file)) {
      return;
    }
    if (files.size() >= MAX_FILES) {
      tooMany++;
      return;
    }
    try {
      Map<String, Object> attributes =
          Files.readAttributes(file, "unix:isRegularFile,fileKey,lastModifiedTime,size,ctime");
      if (Boolean.TRUE.equals(attributes.get("isRegularFile"))) {
        long modified = ((java.nio.file.attribute.FileTime) attributes.get("lastModifiedTime"))
            .to(java.util.concurrent.TimeUnit.NANOSECONDS);
        files.put(file, new Signature(attributes.get("fileKey"), modified, (Long) attributes.get("size"),
            attributes.get("ctime")));
      } else {
        problems.add(new Problem(shown(file), "is no regular file; only files are read"));
      }
    } catch (NoSuchFileException e) {
      if (Files.isSymbolicLink(file)) {
        problems.add(new Problem(shown(file), "is a link to a file that is not there; mend or remove the link"));
      }
    } catch (IOException e) {
      unknown.add(file);
      problems.add(new Problem(shown(file), "cannot be read: " + ManifestFile.why(e)));
    }
  }

  /** A path as people write it: short when it lies below the working directory. */
  static String shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return path.startsWith(here) && !path.equals(here) ? here.relativize(path).toString() : path.toString();
  }
}
