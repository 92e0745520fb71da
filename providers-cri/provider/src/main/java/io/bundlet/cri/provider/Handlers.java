package io.bundlet.cri.provider;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.bundlet.cri.protocol.RuntimeHandler;
import io.bundlet.cri.protocol.StatusResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runtime handlers that a runtime serves. Runtimes since CRI 1.30 list them; of an older containerd they are read
 * from its configuration, which stands as JSON in the verbose status.
 */
final class Handlers {
  private static final Logger LOG = LoggerFactory.getLogger(Handlers.class);
  private static final int MAX_HANDLERS = 256;
  private static final int MAX_NAME = 253;
  private static final int MAX_JSON = 1 << 20;

  private Handlers() {}

  /** Each handler's name with its features; the empty name, which all runtimes serve, is left out. */
  static Map<String, List<String>> of(StatusResponse status) {
    Map<String, List<String>> handlers = new TreeMap<>();
    for (RuntimeHandler handler : status.getRuntimeHandlersList()) {
      List<String> features = new ArrayList<>();
      if (handler.getFeatures().getRecursiveReadOnlyMounts()) {
        features.add("recursiveReadOnlyMounts");
      }
      if (handler.getFeatures().getUserNamespaces()) {
        features.add("userNamespaces");
      }
      add(handlers, handler.getName(), features);
    }
    if (status.getRuntimeHandlersCount() == 0) {
      configured(status.getInfoOrDefault("config", "")).forEach(name -> add(handlers, name, List.of()));
    }
    return handlers;
  }

  private static Iterable<String> configured(String json) {
    if (json.isEmpty() || json.length() > MAX_JSON) {
      return List.of();
    }
    try {
      JsonElement config = JsonParser.parseString(json);
      for (String member : List.of("containerd", "runtimes")) {
        config = config instanceof JsonObject object ? object.get(member) : null;
      }
      return config instanceof JsonObject runtimes ? runtimes.keySet() : List.of();
    } catch (JsonParseException unreadable) {
      LOG.debug("the runtime's configuration is not JSON: its handlers stay unknown", unreadable);
      return List.of();
    }
  }

  private static void add(Map<String, List<String>> handlers, String name, List<String> features) {
    if (!name.isBlank() && name.length() <= MAX_NAME && handlers.size() < MAX_HANDLERS) {
      handlers.put(name, List.copyOf(features));
    }
  }
}
