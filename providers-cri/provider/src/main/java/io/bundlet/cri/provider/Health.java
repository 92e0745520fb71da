package io.bundlet.cri.provider;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.cri.protocol.RuntimeCondition;
import io.bundlet.cri.protocol.RuntimeConfigRequest;
import io.bundlet.cri.protocol.RuntimeConfigResponse;
import io.bundlet.cri.protocol.RuntimeServiceGrpc;
import io.bundlet.cri.protocol.StatusRequest;
import io.bundlet.cri.protocol.StatusResponse;
import io.bundlet.cri.protocol.VersionRequest;
import io.bundlet.cri.protocol.VersionResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Asks a runtime who and how it is. */
final class Health {
  static final String RUNTIME_UNAVAILABLE = "RuntimeUnavailable";
  /** Without it no pod can be run. */
  private static final String RUNTIME = "RuntimeReady";
  /** Without it pods in the host's network alone can be run. */
  private static final String NETWORK = "NetworkReady";

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

  /** How the runtime is configured; blocks until it has answered. Those before CRI 1.28 do not know the question. */
  static RuntimeConfigResponse configuration(Connection connection) throws ProviderFailure {
    try {
      return connection.call(RuntimeServiceGrpc.getRuntimeConfigMethod(), RuntimeConfigRequest.getDefaultInstance(),
          connection.ask(), "configuration of the runtime");
    } catch (ProviderFailure failure) {
      if (failure.kind().equals(ProviderFailure.UNSUPPORTED)) {
        return RuntimeConfigResponse.getDefaultInstance();
      }
      throw failure;
    }
  }

  /**
   * What it has told, in the words of the SPI.
   *
   * @param version who it is; without a name: not known yet, so that it is who it was before
   */
  static RuntimeStatus of(String name, VersionResponse version, RuntimeConfigResponse configured, RuntimeStatus before,
      StatusResponse status) {
    Map<String, List<String>> handlers = Handlers.of(status, configured);
    boolean runtime = condition(status, RUNTIME).getStatus();
    boolean network = condition(status, NETWORK).getStatus();
    Optional<RuntimeCondition> wrong = Stream.of(RUNTIME, NETWORK)
        .map(type -> condition(status, type)).filter(condition -> !condition.getStatus()).findFirst();
    boolean named = !version.getRuntimeName().isEmpty();
    return new RuntimeStatus(
        name,
        named ? Failures.bounded(version.getRuntimeVersion()) : before.version(),
        runtime,
        wrong.map(Health::reason).orElse(""),
        wrong.map(condition -> Failures.bounded(condition.getType() + " is false: " + condition.getMessage()))
            .orElse(""),
        network ? handlers : hostNetworkOnly(handlers),
        named ? Failures.bounded(version.getRuntimeName()) : before.runtimeName());
  }

  private static Map<String, List<String>> hostNetworkOnly(Map<String, List<String>> handlers) {
    Map<String, List<String>> restricted = new TreeMap<>();
    handlers.forEach((name, features) -> restricted.put(
        name, Stream.concat(features.stream(), Stream.of(RuntimeStatus.HOST_NETWORK_ONLY)).toList()));
    return restricted;
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
