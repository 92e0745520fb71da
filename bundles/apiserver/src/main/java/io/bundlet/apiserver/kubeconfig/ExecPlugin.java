package io.bundlet.apiserver.kubeconfig;

import io.bundlet.apiserver.certificate.Pem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs the program that a kubeconfig names under {@code exec} and keeps what it says until that is old or refused. One
 * thread at a time.
 */
public final class ExecPlugin {
  private static final long LIMIT_SECONDS = 60;
  private static final List<String> VERSIONS =
      List.of("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1");

  private final AtomicBoolean refused = new AtomicBoolean();
  private List<?> kept = List.of();
  private Access.Identity identity;

  /** The server does not believe what the program said: it is run again at the next look. Any thread. */
  public void refuse() {
    refused.set(true);
  }

  Access.Identity identity(Document exec, Access cluster) throws AccessFailure, InterruptedException {
    List<?> asked = List.of(exec.text("command"), exec.list("args"), exec.list("env"), cluster.server());
    boolean old = identity == null || !asked.equals(kept)
        || identity.expires().isPresent() && !Instant.now().isBefore(identity.expires().get());
    if (refused.getAndSet(false) || old) {
      identity = run(exec, cluster);
      kept = asked;
    }
    return identity;
  }

  private static Access.Identity run(Document exec, Access cluster) throws AccessFailure, InterruptedException {
    String version = exec.text("apiVersion");
    String command = exec.text("command");
    if (!VERSIONS.contains(version)) {
      throw exec.failure("exec.apiVersion '" + version + "' is none of " + VERSIONS);
    }
    if (exec.text("interactiveMode").equals("Always")) {
      throw exec.failure("exec.interactiveMode Always: a node has nobody to ask");
    }
    List<String> line = new ArrayList<>();
    // A path with a slash is relative to the kubeconfig, a name is looked up in PATH.
    line.add(command.contains("/") ? exec.file("command").toString() : command);
    exec.list("args").forEach(argument -> line.add(String.valueOf(argument)));
    ProcessBuilder builder = new ProcessBuilder(line);
    for (Object variable : exec.list("env")) {
      if (variable instanceof Map<?, ?> map && map.get("name") instanceof String name) {
        builder.environment().put(name, String.valueOf(map.get("value")));
      }
    }
    builder.environment().put("KUBERNETES_EXEC_INFO", info(version, exec.truth("provideClusterInfo"), cluster));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    return read(exec, version, output(exec, command, builder));
  }

  private static String info(String version, boolean withCluster, Access cluster) {
    StringBuilder info = new StringBuilder("{\"apiVersion\":\"" + version
        + "\",\"kind\":\"ExecCredential\",\"spec\":{\"interactive\":false");
    if (withCluster) {
      info.append(",\"cluster\":{\"server\":\"").append(cluster.server()).append("\",\"insecure-skip-tls-verify\":")
          .append(cluster.insecure()).append('}');
    }
    return info.append("}}").toString();
  }

  private static String output(Document exec, String command, ProcessBuilder builder)
      throws AccessFailure, InterruptedException {
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw exec.failure("the program '" + command + "', which knows the credentials, cannot be started: "
          + e.getMessage());
    }
    // Ends it when it takes too long, which ends the reading below.
    Thread limit = Thread.ofVirtual().name("exec-limit").start(() -> {
      try {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
      }
    });
    try (InputStream out = process.getInputStream()) {
      process.getOutputStream().close();
      byte[] read = out.readNBytes(Document.MAX_FILE);
      int code = process.waitFor();
      if (code != 0) {
        throw exec.failure("the program '" + command + "', which knows the credentials, ended with " + code);
      }
      return new String(read, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw exec.failure("what the program '" + command + "' says cannot be read: " + e.getMessage());
    } finally {
      limit.interrupt();
    }
  }

  private static Access.Identity read(Document exec, String version, String text) throws AccessFailure {
    Document answer = Document.parse(Path.of(exec.file() + " (what exec printed)"), text);
    if (!answer.text("apiVersion").equals(version)) {
      throw answer.failure("apiVersion '" + answer.text("apiVersion") + "' instead of '" + version + "'");
    }
    Document status = answer.part("status");
    String token = status.text("token");
    String certificate = status.text("clientCertificateData");
    if (token.isBlank() && certificate.isBlank()) {
      throw answer.failure("status has neither a token nor a certificate");
    }
    String expires = status.text("expirationTimestamp");
    try {
      return new Access.Identity(
          certificate.isBlank() ? List.of() : Pem.certificates(certificate),
          certificate.isBlank() ? null : Pem.privateKey(status.text("clientKeyData")),
          token.isBlank() ? Optional.empty() : Optional.of(Kubeconfig.bearer(token)),
          expires.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(expires)));
    } catch (GeneralSecurityException | DateTimeException e) {
      throw answer.failure("status: " + e.getMessage());
    }
  }
}
