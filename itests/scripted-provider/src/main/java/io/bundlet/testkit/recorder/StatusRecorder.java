package io.bundlet.testkit.recorder;

import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.admin.PodListener;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.testkit.scripted.JsonLines;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Listens to the core, and to the next one when it is exchanged. Started before the core, as {@code Distribution.with}
 * of the testkit has it, it misses nothing: the core is listened to before it knows of any pod.
 */
@Component(
    service = StatusRecorder.class,
    immediate = true,
    configurationPid = StatusRecorder.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class StatusRecorder {
  /** Its configuration has one value, {@code file}. */
  public static final String PID = "io.bundlet.testkit.recorder";

  private final JsonLines file;
  private final Map<NodeAdmin, Subscription> nodes = new ConcurrentHashMap<>();

  @Activate
  public StatusRecorder(Map<String, Object> configuration) {
    file = new JsonLines(Path.of(String.valueOf(configuration.get("file"))));
  }

  /** The file stays what it was. */
  @Modified
  public void modified() {}

  @Deactivate
  public void deactivate() {
    nodes.values().forEach(Subscription::close);
    nodes.clear();
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "unbindNode")
  void bindNode(NodeAdmin node) {
    file.add(Map.of("at", Instant.now().toString(), "kind", "listening", "process", ProcessHandle.current().pid()));
    nodes.put(node, node.watch(new PodListener() {
      @Override
      public void changed(PodView pod) {
        add("status", pod);
      }

      @Override
      public void removed(PodView last) {
        add("removed", last);
      }
    }));
  }

  void unbindNode(NodeAdmin node) {
    Subscription watch = nodes.remove(node);
    if (watch != null) {
      watch.close();
    }
  }

  private void add(String kind, PodView pod) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("at", Instant.now().toString());
    line.put("kind", kind);
    line.put("process", ProcessHandle.current().pid());
    line.put("pod", PodJson.of(pod));
    file.add(line);
  }
}
