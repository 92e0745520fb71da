package io.bundlet.core.image;

import io.bundlet.api.image.RegistryCredentials;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the files in which docker keeps as whom it asks registries. What it says is wrong names no content. */
public final class DockerConfig {
  /** The largest that is read, in bytes; as large as a secret can be. */
  static final int MOST_BYTES = 1 << 20;
  private static final int MOST_REGISTRIES = 1000;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** It cannot be read. The message says where and why, without any of it. */
  public static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String message) {
      super(message);
    }
  }

  private DockerConfig() {}

  /** The form of today, {@code config.json}: registries stand below {@code auths}; all else is left alone. */
  static Map<String, RegistryCredentials> ofConfigJson(byte[] content) throws Unreadable {
    JsonNode auths = tree(content).path("auths");
    return auths.isMissingNode() || auths.isNull() ? Map.of() : registries(auths, "auths");
  }

  /** The older form, {@code .dockercfg}: registries stand at the top. */
  static Map<String, RegistryCredentials> ofDockercfg(byte[] content) throws Unreadable {
    return registries(tree(content), "it");
  }

  private static JsonNode tree(byte[] content) throws Unreadable {
    if (content.length > MOST_BYTES) {
      throw new Unreadable("is larger than " + MOST_BYTES + " bytes");
    }
    try {
      JsonNode root = JSON.readTree(content);
      if (root.isObject()) {
        return root;
      }
    } catch (JacksonException wrong) {
      // its own words may quote a password
      var at = wrong.getLocation();
      throw new Unreadable(
          "is not JSON" + (at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")"));
    }
    throw new Unreadable("is no JSON object");
  }

  private static Map<String, RegistryCredentials> registries(JsonNode from, String name) throws Unreadable {
    if (!from.isObject()) {
      throw new Unreadable(name + " has to be an object with a registry for each key");
    }
    if (from.size() > MOST_REGISTRIES) {
      throw new Unreadable(name + " names more than " + MOST_REGISTRIES + " registries");
    }
    Map<String, RegistryCredentials> all = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : from.properties()) {
      String registry = entry.getKey();
      JsonNode of = entry.getValue();
      String auth = text(of, "auth").strip();
      RegistryCredentials credentials =
          auth.isEmpty() ? new RegistryCredentials(text(of, "username"), text(of, "password"))
              : decoded(auth, registry);
      // Whoever keeps his passwords elsewhere leaves an entry that says nothing.
      if (!credentials.username().isEmpty() || !credentials.password().isEmpty()) {
        all.put(registry, credentials);
      }
    }
    return all;
  }

  private static String text(JsonNode of, String field) {
    return of.path(field).isString() ? of.path(field).asString() : "";
  }

  private static RegistryCredentials decoded(String auth, String registry) throws Unreadable {
    String both;
    try {
      both = new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException wrong) {
      throw new Unreadable("auth of " + shown(registry) + " is not base64");
    }
    int colon = both.indexOf(':');
    if (colon < 0) {
      throw new Unreadable("auth of " + shown(registry) + " is no USER:PASSWORD in base64");
    }
    return new RegistryCredentials(both.substring(0, colon), both.substring(colon + 1));
  }

  /** A key may be an address with a password in it. */
  private static String shown(String registry) {
    String name = registry.replaceFirst(".*@", "");
    return name.length() > 253 ? name.substring(0, 253) : name;
  }
}
