package io.bundlet.volumes.atomic;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Files by their path below the volume. Paths and sizes come from objects that anybody may have written, and are
 * checked.
 */
public final class Payload {
  /** Kubernetes' limits. */
  private static final int MOST_PATH_BYTES = 4096;
  private static final int MOST_NAME_BYTES = 255;
  /** Ours: about what thirty objects of the API's largest size hold. */
  public static final int MOST_FILES = 10_000;
  public static final long MOST_BYTES = 32L << 20;

  private final Map<String, PayloadFile> files = new TreeMap<>();
  private final Set<String> directories = new TreeSet<>();
  private long bytes;

  /**
   * Adds a file, or puts it in the place of one with the same path. @throws PayloadProblem when it cannot stand there
   */
  public void put(String path, PayloadFile file) throws PayloadProblem {
    List<String> parts = parts(path);
    String clean = String.join("/", parts);
    PayloadFile before = files.remove(clean);
    bytes -= before == null ? 0 : before.content().length;
    if (directories.contains(clean)) {
      throw new PayloadProblem("\"" + shown(path) + "\" is a file here and a directory of another file's path; "
          + "rename one");
    }
    List<String> above = new ArrayList<>();
    for (int i = 1; i < parts.size(); i++) {
      String directory = String.join("/", parts.subList(0, i));
      if (files.containsKey(directory)) {
        throw new PayloadProblem("\"" + shown(path) + "\" lies below \"" + shown(directory) + "\", which is a "
            + "file; rename one");
      }
      above.add(directory);
    }
    bytes += file.content().length;
    if (files.size() >= MOST_FILES) {
      throw new PayloadProblem("more than " + MOST_FILES + " files; make several volumes");
    }
    if (bytes > MOST_BYTES) {
      throw new PayloadProblem("more than " + (MOST_BYTES >> 20) + " MiB; make several volumes");
    }
    files.put(clean, file);
    directories.addAll(above);
  }

  /** Adds all files of another payload. */
  public void putAll(Payload other) throws PayloadProblem {
    for (Map.Entry<String, PayloadFile> entry : other.files.entrySet()) {
      put(entry.getKey(), entry.getValue());
    }
  }

  /** The files by path, in order. */
  public Map<String, PayloadFile> files() {
    return files;
  }

  /** What is to be seen in the volume itself. */
  Set<String> topNames() {
    Set<String> names = new TreeSet<>();
    files.keySet().forEach(path -> names.add(path.split("/", 2)[0]));
    return names;
  }

  /** The rules of Kubernetes for such paths. */
  private static List<String> parts(String path) throws PayloadProblem {
    if (path.isEmpty()) {
      throw new PayloadProblem("a path is empty; write where in the volume the file is to be");
    }
    if (path.startsWith("/")) {
      throw new PayloadProblem("\"" + shown(path) + "\" must be a relative path");
    }
    if (path.indexOf('\0') >= 0 || length(path) > MOST_PATH_BYTES) {
      throw new PayloadProblem("\"" + shown(path) + "\" is longer than " + MOST_PATH_BYTES + " bytes or holds a "
          + "zero character");
    }
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/")) {
      if (part.equals("..")) {
        throw new PayloadProblem("\"" + shown(path) + "\" must not hold \"..\"");
      }
      if (length(part) > MOST_NAME_BYTES) {
        throw new PayloadProblem("\"" + shown(path) + "\" has a part of more than " + MOST_NAME_BYTES + " bytes");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    if (parts.isEmpty()) {
      throw new PayloadProblem("\"" + shown(path) + "\" names no file");
    }
    if (parts.getFirst().startsWith("..")) {
      throw new PayloadProblem("\"" + shown(path) + "\" must not begin with \"..\"");
    }
    return parts;
  }

  private static int length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String shown(String path) {
    String printable = path.replaceAll("\\p{Cntrl}", "?");
    return printable.length() > 80 ? printable.substring(0, 77) + "..." : printable;
  }
}
