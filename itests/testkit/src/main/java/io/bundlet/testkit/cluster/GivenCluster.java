package io.bundlet.testkit.cluster;

import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A cluster that runs already, by its administrator's kubeconfig, whatever that proves itself by: {@code kubectl proxy}
 * carries the requests. What tests need of it is made if it is not there, and removed at the end. Not for several
 * threads.
 */
final class GivenCluster implements TestCluster {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Pattern SERVES = Pattern.compile("Starting to serve on (127\\.0\\.0\\.1:\\d+)");

  private final Path directory;
  private final Kubectl kubectl;
  private final Joining joining = Joining.fresh();
  private final List<String> made = new ArrayList<>();
  private final ServerProcess proxy;
  private final Thread atExit;
  private final URI server;
  private ApiClient admin;
  private ServingApprover approver;

  private GivenCluster(Path kubeconfig, Path directory) throws IOException {
    this.directory = directory;
    this.kubectl = new Kubectl(kubeconfig.toAbsolutePath());
    JsonNode cluster = new JsonMapper().readTree(
        kubectl.succeed("config", "view", "--raw", "--minify", "--flatten", "-o", "json"))
        .path("clusters").path(0).path("cluster");
    this.server = URI.create(cluster.path("server").asString(""));
    Files.write(authority(), Base64.getMimeDecoder().decode(cluster.path("certificate-authority-data").asString("")));
    this.proxy = new ServerProcess(kubectl.command("proxy", "--port=0"), log());
    this.atExit = new Thread(proxy::kill, "given-cluster-at-exit");
  }

  /** Makes what tests need. */
  static GivenCluster of(Path kubeconfig, Path directory) throws IOException {
    GivenCluster given = new GivenCluster(kubeconfig, Files.createDirectories(directory.toAbsolutePath()));
    Runtime.getRuntime().addShutdownHook(given.atExit);
    try {
      given.begin();
      return given;
    } catch (IOException | RuntimeException | Error failure) {
      given.close();
      throw failure;
    }
  }

  private void begin() throws IOException {
    proxy.start();
    Eventually.until("kubectl proxy serves; its words are in " + log(), START_LIMIT, () -> {
      proxy.requireAlive();
      return serves().find();
    });
    Matcher at = serves();
    at.find();
    admin = new ApiClient(URI.create("http://" + at.group(1)));
    for (String object : joining.objects(true).split("---\n")) {
      try {
        for (JsonNode each : admin.create(object)) {
          made.add(ApiClient.path(each));
        }
      } catch (ApiException refused) {
        if (refused.code() != 409) {
          throw refused;
        }
        // there already: it is the cluster's own, and stays
      }
    }
    approver = new ServingApprover(admin);
    approver.start();
  }

  private Matcher serves() throws IOException {
    return SERVES.matcher(Files.exists(log()) ? Files.readString(log()) : "");
  }

  private Path log() {
    return directory.resolve("kubectl-proxy.log");
  }

  @Override
  public ApiClient admin() {
    return admin;
  }

  @Override
  public Kubectl kubectl() {
    return kubectl;
  }

  @Override
  public URI server() {
    return server;
  }

  @Override
  public Path authority() {
    return directory.resolve("authority.crt");
  }

  @Override
  public Path bootstrapKubeconfig() throws IOException {
    return Files.writeString(directory.resolve("bootstrap.kubeconfig"),
        ControlPlaneFiles.kubeconfig(server, authority(), "token: '" + joining.token() + "'"));
  }

  @Override
  public AuditLog audit() {
    return new AuditLog(directory.resolve("no-audit.log"));
  }

  @Override
  public void forget(String node) throws IOException {
    for (JsonNode pod : admin.list("/api/v1/pods?fieldSelector=spec.nodeName%3D" + node)) {
      admin.delete(ApiClient.path(pod, "v1", "Pod"), "{gracePeriodSeconds: 0}");
    }
    admin.delete("/api/v1/nodes/" + node, "");
    admin.delete("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/" + node, "");
  }

  @Override
  public void close() throws IOException {
    try {
      for (String path : made.reversed()) {
        admin.delete(path, "");
      }
    } finally {
      if (approver != null) {
        approver.close();
      }
      if (admin != null) {
        admin.close();
      }
      proxy.kill();
      Runtime.getRuntime().removeShutdownHook(atExit);
      Distribution.remove(directory);
    }
  }
}
