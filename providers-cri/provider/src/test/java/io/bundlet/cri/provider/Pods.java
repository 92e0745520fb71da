package io.bundlet.cri.provider;

import io.bundlet.api.image.ImageRef;
import io.bundlet.api.runtime.ContainerConfig;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.SandboxConfig;
import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.util.Map;

/** A pod to test with. */
final class Pods {
  static final Owner OWNER = new Owner("node-1");
  static final PodId POD = new PodId("default", "web", "uid-1");
  static final Map<String, String> LABELS = Map.of(
      Labels.POD_NAME, "web", Labels.POD_NAMESPACE, "default", Labels.POD_UID, "uid-1", Owner.LABEL, "node-1");

  private Pods() {}

  static SandboxConfig.Builder sandbox(Path logs) {
    return SandboxConfig.of(POD, 2, OWNER, logs).hostname("web");
  }

  static ContainerConfig.Builder container() {
    return ContainerConfig.of("main", 3, new ImageRef("busybox:1", "sha256:00"), "main/3.log");
  }

  static CriConfig config(String endpoint) {
    return config(endpoint, 120);
  }

  static CriConfig config(String endpoint, int timeoutSeconds) {
    return new CriConfig() {
      @Override
      public String[] allowed_unsafe_sysctls() {
        return new String[0];
      }

      @Override
      public int request_timeout_seconds() {
        return timeoutSeconds;
      }

      @Override
      public String endpoint() {
        return endpoint;
      }

      @Override
      public Class<? extends Annotation> annotationType() {
        return CriConfig.class;
      }
    };
  }
}
