package io.bundlet.manifests.folder;

import io.bundlet.api.admin.Problem;
import io.bundlet.manifests.objects.ManifestObject;
import io.bundlet.manifests.pod.Origin;
import io.bundlet.manifests.pod.PodDocument;
import io.bundlet.manifests.pod.PodDocument.ManifestPod;
import io.bundlet.manifests.yaml.YamlDocuments;
import io.bundlet.manifests.yaml.YamlProblem;
import io.bundlet.manifests.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads one file. */
final class ManifestFile {
  static final int MAX_BYTES = 1 << 20;
  private static final int MAX_PROBLEMS = 100;

  /**
   * What a file said.
   *
   * @param pods the good ones, in order
   * @param objects the good ones, in order
   * @param problems everything else
   */
  record Content(List<ManifestPod> pods, List<ManifestObject> objects, List<Problem> problems) {}

  private final Path file;
  private final String shown;
  private final Origin origin;
  private final List<ManifestPod> pods = new ArrayList<>();
  private final List<ManifestObject> objects = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Integer> lines = new HashMap<>();
  private int more;

  private ManifestFile(Path file, String shown, Origin origin) {
    this.file = file;
    this.shown = shown;
    this.origin = origin;
  }

  /** Reads a regular file; never throws, whatever is in it. */
  static Content read(Path file, String shown, Origin origin) {
    ManifestFile reading = new ManifestFile(file, shown, origin);
    reading.read();
    return new Content(List.copyOf(reading.pods), List.copyOf(reading.objects), reading.allProblems());
  }

  private void read() {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      problems.add(new Problem(shown, "cannot be read: " + why(e)));
      return;
    }
    if (bytes.length > MAX_BYTES) {
      problems.add(new Problem(shown, "is larger than 1 MiB; split it into several files"));
      return;
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      documents(text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      problems.add(new Problem(shown, "is no UTF-8 text; save it as UTF-8"));
    }
  }

  private void documents(String text) {
    List<YamlDocuments.Text> documents = YamlDocuments.split(text);
    if (documents.isEmpty()) {
      problems.add(new Problem(shown, "holds no pod and no object; delete the file if none is wanted"));
    }
    PodDocument reader =
        new PodDocument(
            origin, this::add, this::add, finding -> problem(finding.line(), finding.message()));
    for (YamlDocuments.Text document : documents) {
      try {
        reader.read(YamlReader.read(document));
      } catch (YamlProblem e) {
        problem(e.line(), e.getMessage());
      }
    }
  }

  private void add(ManifestPod pod) {
    Integer first = lines.putIfAbsent(pod.key(), pod.line());
    if (first == null) {
      pods.add(pod);
    } else {
      problem(pod.line(), "metadata.name: a second pod " + pod.key() + ", the first is in line " + first
          + "; give it another name");
    }
  }

  private void add(ManifestObject object) {
    Integer first = lines.putIfAbsent(object.key().toString(), object.line());
    if (first == null) {
      objects.add(object);
    } else {
      problem(object.line(), "metadata.name: a second " + object.key() + ", the first is in line " + first
          + "; give it another name");
    }
  }

  private void problem(int line, String message) {
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(new Problem(shown + ":" + line, message));
    } else {
      more++;
    }
  }

  private List<Problem> allProblems() {
    if (more > 0) {
      problems.add(new Problem(shown, "... and " + more + " more problems in this file"));
    }
    return List.copyOf(problems);
  }

  /** The cause in words; the file's name stands before it anyway. */
  static String why(IOException e) {
    return switch (e) {
      case NoSuchFileException gone -> "no such file or directory";
      case AccessDeniedException denied -> "permission denied";
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
