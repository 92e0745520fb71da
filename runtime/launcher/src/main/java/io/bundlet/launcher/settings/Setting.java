package io.bundlet.launcher.settings;

import java.util.List;

/**
 * One value of one configuration, and who said it.
 *
 * @param where for people, such as {@code kubelet.yaml:3: port} or {@code --port}
 * @param pid of which configuration
 * @param key of which value
 * @param value a text, or a list of texts
 * @param clusterOnly means something for a node that belongs to a cluster only
 */
public record Setting(String where, String pid, String key, Object value, boolean clusterOnly) {
  /** The node itself. */
  public static final String CORE = "io.bundlet.core";
  /** How it reaches its cluster. */
  public static final String API_SERVER = "io.bundlet.apiserver";
  /** Its own server. */
  public static final String KUBELET_API = "io.bundlet.kubelet-api";
  /** Its pods of files. */
  public static final String MANIFESTS = "io.bundlet.manifests";
  /** The container runtime. */
  public static final String CRI = "io.bundlet.cri.provider";
  /** Modules. */
  public static final String MODULES = "io.bundlet.module-store";
  /** Control groups. */
  public static final String CGROUPS = "io.bundlet.cgroups";

  /** Where the kubelet's API is found: the node tells it, the server listens there. */
  public static final String PORT = "kubelet.port";
  /** Whether that server is started at all. */
  public static final String ENABLED = "enabled";

  public Setting {
    value = value instanceof List<?> list ? List.copyOf(list) : value.toString();
  }

  /** A setting that means something for every node, unless it is of what belongs to clusters. */
  public static Setting of(String where, String pid, String key, Object value) {
    return new Setting(where, pid, key, value,
        pid.equals(API_SERVER) || pid.equals(KUBELET_API) || key.equals(PORT));
  }

  /** Whether it is this value of this configuration. */
  public boolean is(String ofPid, String ofKey) {
    return pid.equals(ofPid) && key.equals(ofKey);
  }
}
