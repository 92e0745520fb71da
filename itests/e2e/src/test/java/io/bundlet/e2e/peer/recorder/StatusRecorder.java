package io.bundlet.e2e.peer.recorder;

import io.bundlet.kubernetes.PodReport;
import io.bundlet.kubernetes.PodStatusSink;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stands where an API server would: writes each status that the node sends there, as it is sent, as a line of a file:
 * {@code {"at": millis, "name": ..., "status": {...}}}.
 */
public final class StatusRecorder implements BundleActivator, PodStatusSink {
  /** A header of the bundle's manifest: the file. */
  public static final String FILE = "Recorder-File";

  private final JsonMapper json = JsonMapper.builder().build();
  private Path file;

  @Override
  public void start(BundleContext context) {
    file = Path.of(context.getBundle().getHeaders("").get(FILE));
    write(Map.of("listens", true));
    context.registerService(PodStatusSink.class, this, null);
  }

  @Override
  public void stop(BundleContext context) {}

  @Override
  public void status(PodReport report) {
    String pod = report.pod().getMetadata().getName();
    write(Map.of("at", System.currentTimeMillis(), "name", pod, "status", report.status()));
  }

  @Override
  public void gone(String source, Pod pod) {
    write(Map.of("at", System.currentTimeMillis(), "name", pod.getMetadata().getName(), "gone", true));
  }

  private synchronized void write(Map<String, Object> line) {
    try {
      Files.writeString(
          file, json.writeValueAsString(line) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
