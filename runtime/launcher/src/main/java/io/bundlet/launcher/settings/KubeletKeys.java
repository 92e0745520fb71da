package io.bundlet.launcher.settings;

import static io.bundlet.launcher.settings.Rule.PORTS;
import static io.bundlet.launcher.settings.Setting.API_SERVER;
import static io.bundlet.launcher.settings.Setting.CGROUPS;
import static io.bundlet.launcher.settings.Setting.CORE;
import static io.bundlet.launcher.settings.Setting.CRI;
import static io.bundlet.launcher.settings.Setting.KUBELET_API;
import static io.bundlet.launcher.settings.Setting.MANIFESTS;

import io.bundlet.launcher.settings.SettingsFile.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is done about each key of a KubeletConfiguration, version v1beta1, as of Kubernetes 1.20 to 1.36. For one file.
 */
final class KubeletKeys {
  private static final String KIND = "KubeletConfiguration";
  private static final String VERSION = "kubelet.config.k8s.io/v1beta1";
  private static final long PERCENT = 100;
  private static final Set<String> RESERVABLE = Set.of("cpu", "memory", "ephemeral-storage");
  /** What the node watches, with what has to stay free where nothing is said. */
  private static final Map<String, String> STANDARD = new TreeMap<>(Map.of("memory.available", "100Mi",
      "nodefs.available", "10%", "nodefs.inodesFree", "5%"));
  private static final Set<String> WATCHED =
      Set.of("memory.available", "nodefs.available", "nodefs.inodesFree", "pid.available");
  private static final Set<String> UNWATCHED = Set.of("imagefs.available", "imagefs.inodesFree",
      "containerfs.available", "containerfs.inodesFree", "allocatableMemory.available");

  private final Map<String, Rule> rules = new TreeMap<>();
  private final Map<String, String> evictionHard = new LinkedHashMap<>();
  private Value evictionAt;
  private boolean merge;
  private Value imageService;
  private Value serialize;
  private Value parallel;

  KubeletKeys() {
    rules.put("apiVersion", Rule.holds());
    rules.put("kind", Rule.holds());
    server();
    node();
    pods();
    resources();
    images();
    machine();
    KeysWithout.NOTHING.forEach(rules::put);
  }

  /** All keys of the kind. */
  Set<String> names() {
    return Set.copyOf(rules.keySet());
  }

  /** Reads the whole file. */
  void read(Value root, Reading reading) throws SettingsFailure {
    String kind = "";
    String version = "";
    for (Value.Entry entry : root.entries()) {
      kind = entry.name().equals("kind") ? entry.value().text() : kind;
      version = entry.name().equals("apiVersion") ? entry.value().text() : version;
    }
    if (!kind.equals(KIND) || !version.equals(VERSION)) {
      throw root.failure("is kind '" + kind + "', apiVersion '" + version + "'; here belongs kind " + KIND
          + ", apiVersion " + VERSION + ", or the JSON file of Krustlet, which has neither");
    }
    reading.object(root, rules);
    eviction(reading);
    pulls(reading);
    if (imageService != null) {
      String images = Endpoints.endpoint(imageService);
      if (reading.said(CRI, "endpoint").filter(said -> said.value().equals(images)).isEmpty()) {
        reading.warn(imageService, "images are asked for at the container runtime's own endpoint all the same");
      }
    }
    boolean looks = reading.said(API_SERVER, "status.look.seconds").isPresent();
    if (looks && reading.said(API_SERVER, "status.report.seconds").isEmpty()) {
      // As upstream, for files that are older than the second of the two.
      Setting look = reading.said(API_SERVER, "status.look.seconds").get();
      reading.set(look.where(), API_SERVER, "status.report.seconds", look.value());
    }
  }

  private void server() {
    rules.put("enableServer", Rule.truth(KUBELET_API, Setting.ENABLED));
    rules.put("address", Rule.text(KUBELET_API, "address"));
    rules.put("port", (value, reading) -> {
      long port = value.number(0, PORTS);
      if (port != 0) {
        reading.set(value, KUBELET_API, "port", port);
        reading.set(value, CORE, Setting.PORT, port);
      }
    });
    rules.put("healthzPort", Rule.numberOrZero(PORTS, KUBELET_API, "healthz.port"));
    rules.put("healthzBindAddress", Rule.text(KUBELET_API, "healthz.address"));
    rules.put("tlsCertFile", Rule.file(API_SERVER, "tls.cert.file"));
    rules.put("tlsPrivateKeyFile", Rule.file(API_SERVER, "tls.private.key.file"));
    rules.put("serverTLSBootstrap", Rule.truth(API_SERVER, "server.tls.bootstrap"));
    rules.put("authentication", Rule.object(Map.of(
        "x509", Rule.object(Map.of("clientCAFile", Rule.file(API_SERVER, "client.ca.file"))),
        "webhook", Rule.object(Map.of(
            "enabled", Rule.only("true", "the API server is asked about tokens all the same"),
            "cacheTTL", Rule.seconds(KUBELET_API, "token.cache.seconds"))),
        "anonymous", Rule.object(Map.of(
            "enabled", Rule.only("false", "callers without a name are refused all the same"))))));
    rules.put("authorization", Rule.object(Map.of(
        "mode", Rule.only("Webhook", "the API server is asked all the same what callers may do"),
        "webhook", Rule.object(Map.of(
            "cacheAuthorizedTTL", Rule.seconds(KUBELET_API, "allowed.cache.seconds"),
            "cacheUnauthorizedTTL", Rule.seconds(KUBELET_API, "denied.cache.seconds"))))));
    rules.put("enableDebuggingHandlers", Rule.only("true", "logs can be read all the same, by who may"));
  }

  private void node() {
    rules.put("rotateCertificates", Rule.only("true", "certificates are renewed all the same"));
    rules.put("registerNode", Rule.only("true", "the node registers itself all the same"));
    rules.put("registerWithTaints", KubeletKeys::taints);
    rules.put("providerID", Rule.text(CORE, "provider.id"));
    rules.put("nodeStatusUpdateFrequency", Rule.seconds(API_SERVER, "status.look.seconds"));
    rules.put("nodeStatusReportFrequency", Rule.seconds(API_SERVER, "status.report.seconds"));
    rules.put("nodeLeaseDurationSeconds", Rule.number(Rule.MOST, API_SERVER, "lease.seconds"));
    rules.put("kubeAPIQPS", Rule.number(Rule.MOST, API_SERVER, "qps"));
    rules.put("kubeAPIBurst", Rule.number(Rule.MOST, API_SERVER, "burst"));
    rules.put("contentType", Rule.only("application/json", "the API server is spoken to in JSON all the same"));
    rules.put("enableControllerAttachDetach",
        Rule.only("true", "the cluster's controller attaches volumes all the same"));
    rules.put("configMapAndSecretChangeDetectionStrategy",
        Rule.only("Watch", "ConfigMaps and Secrets are watched all the same"));
    rules.put("shutdownGracePeriod", Rule.seconds(CORE, "shutdown.grace.seconds"));
    rules.put("shutdownGracePeriodCriticalPods", Rule.seconds(CORE, "shutdown.grace.critical.seconds"));
    rules.put("shutdownGracePeriodByPodPriority", KubeletKeys::graces);
    rules.put("runOnce", (value, reading) -> {
      if (value.truth()) {
        throw value.failure("a node does not end by itself; use 'bundlet run'");
      }
    });
  }

  private void pods() {
    rules.put("staticPodPath", (value, reading) -> {
      String path = value.file(value.text());
      if (!path.isEmpty()) {
        reading.set(value, MANIFESTS, "paths", List.of(path));
      }
    });
    rules.put("maxPods", Rule.number(Rule.MOST, CORE, "max.pods"));
    rules.put("clusterDomain", Rule.text(CORE, "cluster.domain"));
    rules.put("clusterDNS", Rule.texts(CORE, "cluster.dns"));
    rules.put("resolvConf",
        (value, reading) -> reading.set(value, CORE, "resolv.conf", value.file(value.text())));
    rules.put("runtimeRequestTimeout", Rule.seconds(CRI, "request.timeout.seconds"));
    rules.put("allowedUnsafeSysctls", Rule.texts(CRI, "allowed.unsafe.sysctls"));
    rules.put("seccompDefault",
        Rule.only("true", "the runtime's seccomp profile holds all the same where a pod names none"));
    rules.put("containerLogMaxSize", Rule.text(CORE, "log.max.size"));
    rules.put("containerLogMaxFiles", Rule.number(Rule.MOST, CORE, "log.max.files"));
    rules.put("containerLogMonitorInterval", Rule.seconds(CORE, "log.interval.seconds"));
  }

  private void resources() {
    rules.put("systemReserved", Rule.pairs(RESERVABLE, CORE, "system.reserved"));
    rules.put("kubeReserved", Rule.pairs(RESERVABLE, CORE, "kube.reserved"));
    rules.put("evictionHard", this::signals);
    rules.put("mergeDefaultEvictionSettings", (value, reading) -> merge = value.truth());
    rules.put("evictionPressureTransitionPeriod", Rule.seconds(CORE, "eviction.transition.seconds"));
    rules.put("localStorageCapacityIsolation",
        Rule.only("true", "limits of ephemeral-storage hold all the same"));
    rules.put("cpuCFSQuota", Rule.only("true", "limits of processor time hold all the same"));
    rules.put("cgroupsPerQOS", Rule.truth(CGROUPS, "pods"));
  }

  private void images() {
    rules.put("imageGCHighThresholdPercent", Rule.numberOrZero(PERCENT, CORE, "image.gc.high.percent"));
    rules.put("imageGCLowThresholdPercent", Rule.numberOrZero(PERCENT, CORE, "image.gc.low.percent"));
    rules.put("imageMinimumGCAge", Rule.seconds(CORE, "image.gc.min.age.seconds"));
    rules.put("imageMaximumGCAge", Rule.seconds(CORE, "image.gc.max.age.seconds"));
    rules.put("serializeImagePulls", (value, reading) -> {
      value.truth();
      serialize = value;
    });
    rules.put("maxParallelImagePulls", (value, reading) -> {
      value.number(1, Rule.MOST);
      parallel = value;
    });
  }

  /** As upstream: several at a time, if that is allowed, and then any number, unless one is given. */
  private void pulls(Reading reading) throws SettingsFailure {
    boolean several = serialize != null && !serialize.truth();
    long most = parallel == null ? 0 : parallel.number(1, Rule.MOST);
    if (serialize != null && !several && most > 1) {
      throw parallel.failure("is above 1, while serializeImagePulls is true; set that to false");
    }
    if (serialize != null || parallel != null) {
      reading.set(parallel == null ? serialize : parallel, CORE, "max.parallel.image.pulls",
          serialize != null && !several ? 1 : most);
    }
  }

  private void machine() {
    rules.put("containerRuntimeEndpoint", (value, reading) -> {
      if (!value.text().isEmpty()) {
        reading.set(value, CRI, "endpoint", Endpoints.endpoint(value));
      }
    });
    rules.put("imageServiceEndpoint",
        (value, reading) -> imageService = value.text().isEmpty() ? imageService : value);
    rules.put("cgroupDriver", (value, reading) -> {
      if (!Set.of("", "cgroupfs", "systemd").contains(value.text())) {
        throw value.failure("is none of cgroupfs and systemd; leave it out, as the container runtime decides");
      }
    });
    rules.put("logging", Rule.object(Map.of(
        "format", Rule.only("text", "the log is text all the same"),
        "verbosity", (value, reading) -> {
          if (value.number(0, Rule.MOST) > 0) {
            reading.warn(value, "does nothing; more is logged with --log-level debug");
          }
        },
        "flushFrequency", Rule.holds(), // nothing is held back
        "vmodule", Rule.nothing(),
        "options", Rule.object(Map.of("text", KeysWithout.LOG_OPTIONS, "json", KeysWithout.LOG_OPTIONS)))));
  }

  private static void taints(Value value, Reading reading) throws SettingsFailure {
    List<String> taints = new ArrayList<>();
    for (Value member : value.members()) {
      Map<String, String> parts = new TreeMap<>();
      reading.object(member, Map.of(
          "key", (part, unused) -> parts.put("key", part.text()),
          "value", (part, unused) -> parts.put("value", part.text()),
          "effect", (part, unused) -> parts.put("effect", part.text()),
          "timeAdded", Rule.nothing()));
      if (parts.getOrDefault("key", "").isEmpty() || parts.getOrDefault("effect", "").isEmpty()) {
        throw member.failure("a taint has a key and an effect, and may have a value");
      }
      taints.add(parts.get("key") + (parts.getOrDefault("value", "").isEmpty() ? "" : "=" + parts.get("value")) + ":"
          + parts.get("effect"));
    }
    if (!taints.isEmpty()) {
      reading.set(value, CORE, "node.taints", taints);
    }
  }

  private static void graces(Value value, Reading reading) throws SettingsFailure {
    List<String> graces = new ArrayList<>();
    for (Value member : value.members()) {
      long[] parts = {0, 0};
      reading.object(member, Map.of(
          "priority", (part, unused) -> parts[0] = part.number(Integer.MIN_VALUE, Rule.MOST),
          "shutdownGracePeriodSeconds", (part, unused) -> parts[1] = part.number(0, Rule.MOST)));
      graces.add(parts[0] + "=" + parts[1]);
    }
    if (!graces.isEmpty()) {
      reading.set(value, CORE, "shutdown.grace.by.priority", graces);
    }
  }

  private void signals(Value value, Reading reading) throws SettingsFailure {
    evictionAt = value;
    for (Value.Entry entry : value.entries()) {
      // Either of the two says that there is no threshold.
      String least = Set.of("0%", "100%").contains(entry.value().text()) ? "0%" : entry.value().text();
      if (WATCHED.contains(entry.name())) {
        evictionHard.put(entry.name(), least);
      } else if (!UNWATCHED.contains(entry.name())) {
        throw value.unknown(entry, WATCHED);
      } else if (!least.equals("0%")) {
        reading.warn(entry.value(), "is left out; images are kept on the file system of nodefs");
      }
    }
  }

  /** What is named holds alone, or beside the standard ones. */
  private void eviction(Reading reading) {
    if (evictionAt == null || evictionHard.isEmpty()) {
      return;
    }
    if (merge) {
      STANDARD.forEach(evictionHard::putIfAbsent);
    }
    reading.set(evictionAt, CORE, "eviction.hard",
        evictionHard.entrySet().stream().map(each -> each.getKey() + "<" + each.getValue()).toList());
  }
}
