package io.bundlet.cri.provider;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.cri.protocol.CgroupDriver;
import io.bundlet.cri.protocol.RuntimeConfigResponse;
import io.bundlet.cri.protocol.RuntimeHandler;
import io.bundlet.cri.protocol.StatusResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runtime handlers that a runtime serves. Runtimes since CRI 1.30 list them; of an older containerd they are read
 * from its configuration, which stands as JSON in the verbose status. Who makes their control groups stands there, too;
 * runtimes since CRI 1.28 say it for all of them at once.
 */
final class Handlers {
  private static final Logger LOG = LoggerFactory.getLogger(Handlers.class);
  private static final int MAX_HANDLERS = 256;
  private static final int MAX_NAME = 253;
  private static final int MAX_JSON = 1 << 20;

  private Handlers() {}

  /** Each handler's name with its features; the empty name, which all runtimes serve, is left out. */
  static Map<String, List<String>> of(StatusResponse status, RuntimeConfigResponse configured) {
    Map<String, List<String>> handlers = listed(status);
    // without that part nothing is said, though its driver reads as the first of them
    if (configured.hasLinux() && configured.getLinux().getCgroupDriver() == CgroupDriver.SYSTEMD) {
      handlers.replaceAll((name, features) -> features.contains(RuntimeStatus.OWN_GROUPS) ? features
          : Stream.concat(features.stream(), Stream.of(RuntimeStatus.OWN_GROUPS)).toList());
    }
    return handlers;
  }

  private static Map<String, List<String>> listed(StatusResponse status) {
    Map<String, List<String>> handlers = new TreeMap<>();
    JsonObject configured =
        below(configuration(status), "containerd", "runtimes") instanceof JsonObject runtimes ? runtimes
            : new JsonObject();
    for (RuntimeHandler handler : status.getRuntimeHandlersList()) {
      List<String> features = new ArrayList<>();
      if (handler.getFeatures().getRecursiveReadOnlyMounts()) {
        features.add("recursiveReadOnlyMounts");
      }
      if (handler.getFeatures().getUserNamespaces()) {
        features.add("userNamespaces");
      }
      features.addAll(groups(configured, handler.getName()));
      add(handlers, handler.getName(), features);
    }
    if (status.getRuntimeHandlersCount() == 0) {
      configured.keySet().forEach(name -> add(handlers, name, groups(configured, name)));
    }
    return handlers;
  }

  /** The image that holds a sandbox's namespaces open, where the runtime's configuration names it; else empty. */
  static String sandboxImage(StatusResponse status) {
    JsonElement image = configuration(status).get("sandboxImage");
    return image != null && image.isJsonPrimitive() ? image.getAsString() : "";
  }

  /** A containerd's configuration; empty when it is something else. */
  private static JsonObject configuration(StatusResponse status) {
    String json = status.getInfoOrDefault("config", "");
    if (json.isEmpty() || json.length() > MAX_JSON) {
      return new JsonObject();
    }
    try {
      return JsonParser.parseString(json) instanceof JsonObject object ? object : new JsonObject();
    } catch (JsonParseException unreadable) {
      LOG.debug("the runtime's configuration is not JSON: its handlers and the sandboxes' image stay unknown",
          unreadable);
      return new JsonObject();
    }
  }

  /** A runtime that has systemd make its control groups takes no path for a parent. */
  private static List<String> groups(JsonObject configured, String name) {
    JsonElement systemd = below(configured, name, "options", "SystemdCgroup");
    return systemd != null && systemd.isJsonPrimitive() && systemd.getAsBoolean()
        ? List.of(RuntimeStatus.OWN_GROUPS)
        : List.of();
  }

  private static JsonElement below(JsonElement from, String... path) {
    JsonElement at = from;
    for (String member : path) {
      at = at instanceof JsonObject object ? object.get(member) : null;
    }
    return at;
  }

  private static void add(Map<String, List<String>> handlers, String name, List<String> features) {
    if (!name.isBlank() && name.length() <= MAX_NAME && handlers.size() < MAX_HANDLERS) {
      handlers.put(name, List.copyOf(features));
    }
  }
}
