package io.bundlet.e2e.peer.recorder;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.admin.PodListener;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.Subscription;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Writes each status that the node tells, in Kubernetes' form, as a line of a file: {@code {"at": millis, "name": ...,
 * "status": {...}}}.
 */
public final class StatusRecorder implements BundleActivator, PodListener {
  /** A header of the bundle's manifest: the file. */
  public static final String FILE = "Recorder-File";

  private Path file;
  private ServiceTracker<NodeAdmin, Subscription> tracker;

  @Override
  public void start(BundleContext context) {
    file = Path.of(context.getBundle().getHeaders("").get(FILE));
    tracker =
        new ServiceTracker<>(context, NodeAdmin.class, null) {
          @Override
          public Subscription addingService(ServiceReference<NodeAdmin> reference) {
            Subscription subscription = context.getService(reference).watch(StatusRecorder.this);
            write("{\"listens\":true}");
            return subscription;
          }

          @Override
          public void removedService(ServiceReference<NodeAdmin> reference, Subscription subscription) {
            subscription.close();
            context.ungetService(reference);
          }
        };
    tracker.open();
  }

  @Override
  public void stop(BundleContext context) {
    tracker.close();
  }

  @Override
  public void changed(PodView pod) {
    write("{\"at\":" + System.currentTimeMillis() + ",\"name\":" + quoted(pod.name()) + ",\"status\":" + status(pod)
        + "}");
  }

  @Override
  public void removed(PodView last) {
    write("{\"at\":" + System.currentTimeMillis() + ",\"name\":" + quoted(last.name()) + ",\"removed\":true}");
  }

  private synchronized void write(String line) {
    try {
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static String status(PodView pod) {
    return "{\"phase\":" + quoted(pod.phase()) + ",\"reason\":" + quoted(pod.reason()) + ",\"message\":"
        + quoted(pod.message()) + ",\"podIP\":" + quoted(pod.address()) + ",\"qosClass\":" + quoted(pod.qosClass())
        + ",\"conditions\":[" + pod.conditions().stream().map(StatusRecorder::condition).collect(commas()) + "]"
        + ",\"initContainerStatuses\":[" + containers(pod.initContainers()) + "],\"containerStatuses\":["
        + containers(pod.containers()) + "]}";
  }

  private static String condition(ConditionView condition) {
    return "{\"type\":" + quoted(condition.type()) + ",\"status\":" + quoted(condition.status()) + ",\"reason\":"
        + quoted(condition.reason()) + ",\"message\":" + quoted(condition.message()) + "}";
  }

  private static String containers(List<ContainerView> containers) {
    return containers.stream().map(StatusRecorder::container).collect(commas());
  }

  private static String container(ContainerView container) {
    boolean early = container.reason().equals("ContainerCreating") || container.reason().equals("PodInitializing");
    String state = switch (container.state()) {
      // ended before what was to be done after its start was done, it never ran
      case "Running", "Stopping" -> early ? waiting(container) : "\"running\":{}";
      case "Exited", "Done" -> container.exit().map(StatusRecorder::terminated).orElse(waiting(container));
      default -> waiting(container);
    };
    return "{\"name\":" + quoted(container.name()) + ",\"state\":{" + state + "},\"lastState\":{"
        + container.lastExit().map(StatusRecorder::terminated).orElse("") + "},\"ready\":" + container.ready()
        + ",\"started\":" + container.started() + ",\"restartCount\":" + container.restartCount() + "}";
  }

  private static String waiting(ContainerView container) {
    return "\"waiting\":{\"reason\":" + quoted(container.reason()) + ",\"message\":" + quoted(container.message())
        + "}";
  }

  private static String terminated(Exit exit) {
    return "\"terminated\":{\"exitCode\":" + exit.code() + ",\"reason\":" + quoted(exit.reason()) + ",\"message\":"
        + quoted(exit.message()) + "}";
  }

  private static Collector<CharSequence, ?, String> commas() {
    return Collectors.joining(",");
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : Optional.ofNullable(text).orElse("").toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
