package io.bundlet.apiserver.call;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Between JSON, trees of it, and the classes of the Kubernetes model. */
public final class Json {
  private final KubernetesSerialization serialization;

  /** Reads and writes as the client does. */
  public Json(KubernetesSerialization serialization) {
    this.serialization = serialization;
  }

  /** A tree. @throws IOException when it is no JSON object */
  @SuppressWarnings("unchecked")
  public Map<String, Object> tree(byte[] json) throws IOException {
    String text = new String(json, StandardCharsets.UTF_8);
    if (!text.stripLeading().startsWith("{")) {
      throw new IOException("the answer is no JSON object but begins with \"" + shortened(text, 60) + "\"");
    }
    try {
      return serialization.unmarshal(text, Map.class);
    } catch (RuntimeException e) {
      throw new IOException("the answer is no JSON: " + shortened(String.valueOf(e.getMessage()), 200), e);
    }
  }

  /** The tree of an object of the model; what it does not say is not in it. */
  @SuppressWarnings("unchecked")
  public Map<String, Object> tree(Object model) {
    return serialization.unmarshal(serialization.asJson(model), Map.class);
  }

  /** An object of the model. @throws IOException when the tree is none */
  public <T> T model(Map<String, Object> tree, Class<T> kind) throws IOException {
    try {
      return serialization.convertValue(tree, kind);
    } catch (RuntimeException e) {
      throw new IOException(
          "this is no " + kind.getSimpleName() + ": " + shortened(String.valueOf(e.getMessage()), 200), e);
    }
  }

  /** As it goes over the wire; nulls in maps are written. */
  public String text(Object tree) {
    return serialization.asJson(tree);
  }

  static String shortened(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length) + "...";
  }
}
