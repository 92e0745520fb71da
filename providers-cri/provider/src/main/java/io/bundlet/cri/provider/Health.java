package io.bundlet.cri.provider;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.cri.protocol.RuntimeCondition;
import io.bundlet.cri.protocol.RuntimeServiceGrpc;
import io.bundlet.cri.protocol.StatusRequest;
import io.bundlet.cri.protocol.StatusResponse;
import io.bundlet.cri.protocol.VersionRequest;
import io.bundlet.cri.protocol.VersionResponse;
import java.util.List;
import java.util.Optional;

/** Asks a runtime who and how it is. */
final class Health {
  static final String RUNTIME_UNAVAILABLE = "RuntimeUnavailable";
  /** Both must hold before a pod can be run. */
  private static final List<String> NEEDED = List.of("RuntimeReady", "NetworkReady");

  private Health() {}

  /** Before anything is known. */
  static RuntimeStatus unknown(String name, String endpoint) {
    return RuntimeStatus.notReady(name, "", List.of(), "containerd", RUNTIME_UNAVAILABLE,
        "no answer yet from the container runtime at " + endpoint);
  }

  /** How the runtime is; blocks until it has answered. */
  static StatusResponse ask(Connection connection) throws ProviderFailure {
    StatusResponse status = connection.call(RuntimeServiceGrpc.getStatusMethod(),
        StatusRequest.newBuilder().setVerbose(true).build(), connection.ask(), "status of the runtime");
    if (!status.hasStatus()) {
      throw ProviderFailure.of(ProviderFailure.INTERNAL, "status of the runtime: it has answered without one");
    }
    return status;
  }

  /** Who the runtime is; blocks until it has answered. */
  static VersionResponse version(Connection connection) throws ProviderFailure {
    VersionResponse version = connection.call(RuntimeServiceGrpc.getVersionMethod(),
        VersionRequest.getDefaultInstance(), connection.ask(), "version of the runtime");
    if (version.getRuntimeName().isBlank()) {
      throw ProviderFailure.of(ProviderFailure.INTERNAL, "version of the runtime: it has answered without a name");
    }
    return version;
  }

  /**
   * What it has told, in the words of the SPI.
   *
   * @param version who it is; without a name: not known yet, so that it is who it was before
   */
  static RuntimeStatus of(String name, VersionResponse version, RuntimeStatus before, StatusResponse status) {
    Optional<RuntimeCondition> wrong = NEEDED.stream()
        .map(type -> condition(status, type)).filter(condition -> !condition.getStatus()).findFirst();
    boolean named = !version.getRuntimeName().isEmpty();
    return new RuntimeStatus(
        name,
        named ? Failures.bounded(version.getRuntimeVersion()) : before.version(),
        wrong.isEmpty(),
        wrong.map(Health::reason).orElse(""),
        wrong.map(condition -> Failures.bounded(condition.getType() + " is false: " + condition.getMessage()))
            .orElse(""),
        Handlers.of(status),
        named ? Failures.bounded(version.getRuntimeName()) : before.runtimeName());
  }

  /** What was known before, now out of reach. */
  static RuntimeStatus lost(RuntimeStatus known, String endpoint, ProviderFailure failure) {
    String message = "the container runtime at " + endpoint + " does not answer (" + failure.getMessage()
        + "); start it, or set endpoint of io.bundlet.cri.provider";
    return new RuntimeStatus(
        known.name(), known.version(), false, RUNTIME_UNAVAILABLE, message, known.handlers(), known.runtimeName());
  }

  private static String reason(RuntimeCondition condition) {
    return condition.getReason().isBlank() ? condition.getType() : Failures.bounded(condition.getReason());
  }

  private static RuntimeCondition condition(StatusResponse status, String type) {
    return status.getStatus().getConditionsList().stream().filter(condition -> condition.getType().equals(type))
        .findFirst().orElseGet(() -> RuntimeCondition.newBuilder().setType(type)
            .setMessage("the runtime does not report this condition").build());
  }
}
