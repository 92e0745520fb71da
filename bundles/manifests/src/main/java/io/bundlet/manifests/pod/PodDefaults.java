package io.bundlet.manifests.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Volume;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Fills in what an API server fills in, and makes paths absolute. The spec has been checked. */
final class PodDefaults {
  private static final int FILE_MODE = 0644;
  private static final String FILE = "file:";

  private final Path directory;

  /** Relative paths are taken from the directory. */
  PodDefaults(Path directory) {
    this.directory = directory;
  }

  void fill(PodSpec spec) {
    spec.setRestartPolicy(or(spec.getRestartPolicy(), "Always"));
    spec.setDnsPolicy(or(spec.getDnsPolicy(), "ClusterFirst"));
    spec.setSchedulerName(or(spec.getSchedulerName(), "default-scheduler"));
    spec.setTerminationGracePeriodSeconds(or(spec.getTerminationGracePeriodSeconds(), 30L));
    spec.setEnableServiceLinks(or(spec.getEnableServiceLinks(), true));
    spec.setSecurityContext(or(spec.getSecurityContext(), new PodSecurityContext()));
    spec.getVolumes().forEach(this::fill);
    boolean hostNetwork = Boolean.TRUE.equals(spec.getHostNetwork());
    spec.getInitContainers().forEach(container -> fill(container, hostNetwork));
    spec.getContainers().forEach(container -> fill(container, hostNetwork));
  }

  private void fill(Container container, boolean hostNetwork) {
    container.setImage(absoluteImage(container.getImage()));
    container.setImagePullPolicy(or(container.getImagePullPolicy(), pullPolicy(container.getImage())));
    container.setTerminationMessagePath(or(container.getTerminationMessagePath(), "/dev/termination-log"));
    container.setTerminationMessagePolicy(or(container.getTerminationMessagePolicy(), "File"));
    for (ContainerPort port : container.getPorts()) {
      port.setProtocol(or(port.getProtocol(), "TCP"));
      if (hostNetwork && port.getHostPort() == null) {
        port.setHostPort(port.getContainerPort());
      }
    }
    for (EnvVar variable : container.getEnv()) {
      if (variable.getValueFrom() != null && variable.getValueFrom().getFieldRef() != null) {
        var field = variable.getValueFrom().getFieldRef();
        field.setApiVersion(or(field.getApiVersion(), "v1"));
      }
    }
    container.setResources(or(container.getResources(), new ResourceRequirements()));
    requestsFromLimits(container.getResources());
    fill(container.getLivenessProbe());
    fill(container.getReadinessProbe());
    fill(container.getStartupProbe());
    if (container.getLifecycle() != null) {
      fill(container.getLifecycle().getPostStart());
      fill(container.getLifecycle().getPreStop());
    }
  }

  private static void requestsFromLimits(ResourceRequirements resources) {
    if (resources.getLimits() != null && !resources.getLimits().isEmpty()) {
      Map<String, Quantity> requests = new LinkedHashMap<>(resources.getLimits());
      if (resources.getRequests() != null) {
        requests.putAll(resources.getRequests());
      }
      resources.setRequests(requests);
    }
  }

  private static void fill(Probe probe) {
    if (probe == null) {
      return;
    }
    probe.setTimeoutSeconds(or(probe.getTimeoutSeconds(), 1));
    probe.setPeriodSeconds(or(probe.getPeriodSeconds(), 10));
    probe.setSuccessThreshold(or(probe.getSuccessThreshold(), 1));
    probe.setFailureThreshold(or(probe.getFailureThreshold(), 3));
    fill(probe.getHttpGet());
    if (probe.getGrpc() != null) {
      probe.getGrpc().setService(or(probe.getGrpc().getService(), ""));
    }
  }

  private static void fill(LifecycleHandler hook) {
    if (hook != null) {
      fill(hook.getHttpGet());
    }
  }

  private static void fill(HTTPGetAction http) {
    if (http != null) {
      http.setPath(http.getPath() == null || http.getPath().isEmpty() ? "/" : http.getPath());
      http.setScheme(or(http.getScheme(), "HTTP"));
    }
  }

  private void fill(Volume volume) {
    if (volume.getHostPath() != null) {
      HostPathVolumeSource source = volume.getHostPath();
      source.setPath(directory.resolve(source.getPath()).normalize().toString());
      source.setType(or(source.getType(), ""));
    } else if (volume.getSecret() != null) {
      volume.getSecret().setDefaultMode(or(volume.getSecret().getDefaultMode(), FILE_MODE));
    } else if (volume.getConfigMap() != null) {
      volume.getConfigMap().setDefaultMode(or(volume.getConfigMap().getDefaultMode(), FILE_MODE));
    } else if (volume.getDownwardAPI() != null) {
      volume.getDownwardAPI().setDefaultMode(or(volume.getDownwardAPI().getDefaultMode(), FILE_MODE));
    } else if (volume.getProjected() != null) {
      volume.getProjected().setDefaultMode(or(volume.getProjected().getDefaultMode(), FILE_MODE));
    } else if (volume.equals(named(volume.getName()))) {
      volume.setEmptyDir(new EmptyDirVolumeSource());
    }
  }

  private static Volume named(String name) {
    Volume volume = new Volume();
    volume.setName(name);
    return volume;
  }

  private String absoluteImage(String image) {
    if (!image.startsWith(FILE)) {
      return image;
    }
    String path = image.substring(FILE.length()).replaceFirst("^//+", "/");
    return FILE + directory.resolve(path).normalize();
  }

  /** A tag "latest", also one that is not written, may move; anything else is taken from the node when it is there. */
  private static String pullPolicy(String image) {
    if (image.startsWith(FILE) || image.contains("@")) {
      return "IfNotPresent";
    }
    String name = image.substring(image.lastIndexOf('/') + 1);
    List<String> parts = List.of(name.split(":", 2));
    return parts.size() == 1 || parts.get(1).equals("latest") ? "Always" : "IfNotPresent";
  }

  private static <T> T or(T value, T otherwise) {
    return value == null ? otherwise : value;
  }
}
