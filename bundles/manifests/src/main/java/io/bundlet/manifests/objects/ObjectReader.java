package io.bundlet.manifests.objects;

import io.bundlet.api.objects.ConfigMapData;
import io.bundlet.api.objects.ObjectKey;
import io.bundlet.api.objects.SecretData;
import io.bundlet.manifests.model.Findings;
import io.bundlet.manifests.model.ModelBinder;
import io.bundlet.manifests.pod.Names;
import io.bundlet.manifests.yaml.CanonicalText;
import io.bundlet.manifests.yaml.YamlValue.Mapping;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one config map or secret. What is wrong is noted; no message holds a value of a secret. */
public final class ObjectReader {
  /** The kinds that it reads. */
  public static final Set<String> KINDS = Set.of(ObjectKey.CONFIG_MAP, ObjectKey.SECRET);
  /** Kubernetes' limit for what an object holds. */
  static final int MOST_BYTES = 1 << 20;
  private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]{1,253}");
  private static final Map<String, List<String>> KEYS_OF_TYPES =
      Map.of(
          "kubernetes.io/tls", List.of("tls.crt", "tls.key"),
          "kubernetes.io/dockerconfigjson", List.of(".dockerconfigjson"),
          "kubernetes.io/dockercfg", List.of(".dockercfg"),
          "kubernetes.io/ssh-auth", List.of("ssh-privatekey"));

  private final Findings findings;

  public ObjectReader(Findings findings) {
    this.findings = findings;
  }

  /** The object; empty when something is wrong with it. */
  public Optional<ManifestObject> read(Mapping written) {
    String version = version(CanonicalText.of(written));
    boolean secret = written.text("kind").equals(ObjectKey.SECRET);
    ManifestObject object =
        secret
            ? secret(new ModelBinder(findings).bind(written, Secret.class), written.line(), version)
            : configMap(new ModelBinder(findings).bind(written, ConfigMap.class), written.line(), version);
    return findings.isEmpty() ? Optional.of(object) : Optional.empty();
  }

  private ManifestObject configMap(ConfigMap map, int line, String version) {
    if (!findings.isEmpty()) {
      return null;
    }
    ObjectKey key = key(ObjectKey.CONFIG_MAP, map.getMetadata());
    Map<String, String> data = new LinkedHashMap<>();
    Map<String, byte[]> binary = new LinkedHashMap<>();
    orEmpty(map.getData()).forEach((name, text) -> {
      check(name, text, "data");
      data.put(name, text);
    });
    orEmpty(map.getBinaryData()).forEach((name, text) -> {
      if (check(name, text, "binaryData")) {
        decoded(text, "binaryData[" + name + "]").ifPresent(bytes -> binary.put(name, bytes));
      }
      if (data.containsKey(name)) {
        findings.add("binaryData[" + name + "]", "the key is in data, too; remove one");
      }
    });
    long size = data.values().stream().mapToLong(text -> text == null ? 0 : utf8(text).length).sum();
    size(size + binary.values().stream().mapToLong(bytes -> bytes.length).sum());
    return findings.isEmpty()
        ? ManifestObject.of(
            line, new ConfigMapData(key, version, data, binary, Boolean.TRUE.equals(map.getImmutable())))
        : null;
  }

  private ManifestObject secret(Secret secret, int line, String version) {
    if (!findings.isEmpty()) {
      return null;
    }
    ObjectKey key = key(ObjectKey.SECRET, secret.getMetadata());
    Map<String, byte[]> data = new LinkedHashMap<>();
    orEmpty(secret.getData()).forEach((name, text) -> {
      if (check(name, text, "data")) {
        decoded(text, "data[" + name + "]").ifPresent(bytes -> data.put(name, bytes));
      }
    });
    orEmpty(secret.getStringData()).forEach((name, text) -> {
      if (check(name, text, "stringData")) {
        data.put(name, utf8(text));
      }
    });
    String type = secret.getType() == null ? "Opaque" : secret.getType();
    for (String needed : KEYS_OF_TYPES.getOrDefault(type, List.of())) {
      if (!data.containsKey(needed)) {
        findings.add("data", "a secret of type " + type + " needs the key " + needed + "; add it");
      }
    }
    size(data.values().stream().mapToLong(bytes -> bytes.length).sum());
    return findings.isEmpty()
        ? ManifestObject.of(
            line, new SecretData(key, version, type, data, Boolean.TRUE.equals(secret.getImmutable())))
        : null;
  }

  private ObjectKey key(String kind, ObjectMeta metadata) {
    String name = metadata == null ? null : metadata.getName();
    if (Names.present(name, "metadata.name", "settings", findings)) {
      Names.subdomain(name, "metadata.name", findings);
    }
    String namespace = metadata == null || metadata.getNamespace() == null ? "default" : metadata.getNamespace();
    Names.label(namespace, "metadata.namespace", findings);
    return new ObjectKey(kind, namespace, name == null ? "" : name);
  }

  /** Whether key and value can be used. */
  private boolean check(String key, String value, String field) {
    if (!KEY.matcher(key).matches() || key.equals(".") || key.startsWith("..")) {
      findings.add(
          field + "[" + key + "]",
          Names.shown(key) + " is no valid key; use at most 253 letters, digits, \"-\", \"_\" and \".\", not "
              + "beginning with "
              + "\"..\"");
      return false;
    }
    if (value == null) {
      findings.add(field + "[" + key + "]", "has no value; write \"\" for an empty one");
    }
    return value != null;
  }

  private Optional<byte[]> decoded(String text, String field) {
    try {
      return Optional.of(Base64.getDecoder().decode(text.replaceAll("[\\r\\n]", "")));
    } catch (IllegalArgumentException invalid) {
      findings.add(field, "is no base64; encode the value, or write it as it is below stringData (of a secret) or "
          + "data");
      return Optional.empty();
    }
  }

  private void size(long bytes) {
    if (bytes > MOST_BYTES) {
      findings.add("data", "is " + bytes + " bytes, an object holds at most " + MOST_BYTES + "; make several");
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String version(String canonical) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(utf8(canonical)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static Map<String, String> orEmpty(Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}
