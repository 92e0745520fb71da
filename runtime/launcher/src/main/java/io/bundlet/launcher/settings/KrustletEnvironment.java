package io.bundlet.launcher.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the environment says by the names that Krustlet read there. Empty: as if it were not there. */
public final class KrustletEnvironment {
  private final Map<String, String> environment;
  private final List<Setting> settings = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private KrustletEnvironment(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Reads an environment. */
  public static Said read(Map<String, String> environment) throws SettingsFailure {
    return new KrustletEnvironment(environment).said();
  }

  private Said said() throws SettingsFailure {
    text("KRUSTLET_NODE_NAME", Setting.CORE, "node.name");
    text("KRUSTLET_HOSTNAME", Setting.CORE, "node.hostname");
    text("KRUSTLET_NODE_IP", Setting.CORE, "node.ip");
    text("KRUSTLET_ADDRESS", Setting.KUBELET_API, "address");
    number("KRUSTLET_PORT", Rule.PORTS, Setting.KUBELET_API, "port");
    number("KRUSTLET_PORT", Rule.PORTS, Setting.CORE, Setting.PORT);
    number("MAX_PODS", Rule.PORTS, Setting.CORE, "max.pods");
    file("KRUSTLET_CERT_FILE", "tls.cert.file");
    file("KRUSTLET_PRIVATE_KEY_FILE", "tls.private.key.file");
    file("KRUSTLET_BOOTSTRAP_FILE", "bootstrap.kubeconfig");
    String labels = value("NODE_LABELS");
    if (!labels.isEmpty()) {
      set("NODE_LABELS", Setting.CORE, "node.labels", Arrays.asList(labels.split(",")));
    }
    String local = value("KRUSTLET_ALLOW_LOCAL_MODULES");
    if (!local.isEmpty()) {
      if (!List.of("true", "false").contains(local)) {
        throw new SettingsFailure("KRUSTLET_ALLOW_LOCAL_MODULES: is '" + local + "', but has to be true or false");
      }
      set("KRUSTLET_ALLOW_LOCAL_MODULES", Setting.MODULES, "file.images", local);
    }
    for (String name : List.of(
        "KRUSTLET_PLUGINS_DIR", "KRUSTLET_DEVICE_PLUGINS_DIR", "KRUSTLET_INSECURE_REGISTRIES")) {
      if (!value(name).isEmpty()) {
        warnings.add(name + ": Bundlet has nothing of the kind, so it does nothing");
      }
    }
    String data = value("KRUSTLET_DATA_DIR");
    return new Said(settings, warnings, data.isEmpty() ? Optional.empty() : Optional.of(Path.of(data)));
  }

  private String value(String name) {
    return environment.getOrDefault(name, "").strip();
  }

  private void set(String name, String pid, String key, Object value) {
    Setting setting = Setting.of(name, pid, key, value);
    // A name that says nothing of kubelets may mean something else to a node that is none.
    settings.add(name.startsWith("KRUSTLET_") ? setting : new Setting(name, pid, key, value, true));
  }

  private void text(String name, String pid, String key) {
    if (!value(name).isEmpty()) {
      set(name, pid, key, value(name));
    }
  }

  private void file(String name, String key) {
    if (!value(name).isEmpty()) {
      set(name, Setting.API_SERVER, key, Path.of(value(name)).toAbsolutePath().normalize().toString());
    }
  }

  private void number(String name, long most, String pid, String key) throws SettingsFailure {
    String text = value(name);
    if (!text.isEmpty()) {
      if (!text.matches("[0-9]{1,9}") || Long.parseLong(text) < 1 || Long.parseLong(text) > most) {
        throw new SettingsFailure(name + ": is '" + text + "', but has to be a whole number from 1 to " + most);
      }
      set(name, pid, key, text);
    }
  }
}
