package io.bundlet.testkit.cluster;

import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * etcd, kube-apiserver, kube-controller-manager and kube-scheduler of the test's own, with the Node authorizer, a
 * bootstrap token, what nodes need to join by it, and the runtime classes wasi, wascc and runc. Requests of nodes for
 * serving certificates are approved.
 *
 * <p>{@link #close} ends the processes and deletes the directory; it also runs when the JVM ends without it. Not for
 * several threads.
 */
public final class ControlPlane implements TestCluster {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);

  private final Path directory;
  private final ControlPlaneFiles files;
  private final ServerProcess etcd;
  private final ServerProcess apiServer;
  private final ServerProcess controllers;
  private final ServerProcess scheduler;
  private final URI server;
  private final ApiClient admin;
  private final ServingApprover approver;
  private final Thread atExit = new Thread(this::kill, "control-plane-at-exit");
  private boolean closed;

  private ControlPlane(Path programs, Path directory) throws IOException {
    this.directory = directory;
    this.files = new ControlPlaneFiles(directory.resolve("files"));
    int port = freePort();
    int store = freePort();
    this.server = URI.create("https://127.0.0.1:" + port);
    this.etcd = process("etcd", List.of(
        programs.resolve("etcd").toString(), "--data-dir=" + directory.resolve("etcd"),
        "--listen-client-urls=http://127.0.0.1:" + store, "--advertise-client-urls=http://127.0.0.1:" + store,
        "--listen-peer-urls=http://127.0.0.1:" + freePort(), "--unsafe-no-fsync"));
    this.apiServer = process("kube-apiserver", ControlPlaneFlags.apiServer(programs, files, port, store, directory));
    this.controllers = process("kube-controller-manager", ControlPlaneFlags.controllers(programs, files, server));
    this.scheduler = process("kube-scheduler", ControlPlaneFlags.scheduler(programs, files, server));
    this.admin = new ApiClient(server, files.authorityCertificate(), files.token("admin"));
    this.approver = new ServingApprover(admin);
  }

  /** Where the programs are, when they have been built and the test is to use them. */
  public static Optional<Path> programs() {
    return Optional.ofNullable(System.getProperty("cluster.programs")).map(Path::of)
        .filter(path -> Files.isExecutable(path.resolve("kube-apiserver")));
  }

  /**
   * Starts one and waits until it takes pods.
   *
   * @param directory made if need be, deleted at the end
   */
  public static ControlPlane start(Path programs, Path directory) throws IOException {
    ControlPlane made = new ControlPlane(programs, Files.createDirectories(directory.toAbsolutePath()));
    Runtime.getRuntime().addShutdownHook(made.atExit);
    try {
      made.etcd.start();
      made.apiServer.start();
      made.awaitReady();
      made.controllers.start();
      made.scheduler.start();
      made.admin.create(made.files.joining());
      made.approver.start();
      Eventually.until("the default service account has its token", START_LIMIT, () -> {
        made.controllers.requireAlive();
        made.scheduler.requireAlive();
        return made.hasServiceAccount("default");
      });
      return made;
    } catch (IOException | RuntimeException | Error failure) {
      made.close();
      throw failure;
    }
  }

  private ServerProcess process(String name, List<String> command) {
    return new ServerProcess(command, directory.resolve(name + ".log"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private void awaitReady() {
    Eventually.until("the API server is ready; its log is in " + directory, START_LIMIT, Duration.ofMillis(50), () -> {
      etcd.requireAlive();
      apiServer.requireAlive();
      return admin.text("/readyz").equals("ok");
    });
  }

  /** Whether pods may be made in a namespace: before that, they are refused. */
  private boolean hasServiceAccount(String namespace) throws IOException {
    return admin.find("/api/v1/namespaces/" + namespace + "/serviceaccounts/default")
        .filter(account -> !account.path("secrets").isEmpty()).isPresent();
  }

  /** Makes a namespace and waits until pods may be made in it. */
  public void namespace(String name) throws IOException {
    admin.create("{apiVersion: v1, kind: Namespace, metadata: {name: " + name + "}}");
    Eventually.until("the namespace " + name + " is ready", START_LIMIT, () -> hasServiceAccount(name));
  }

  /** As its administrator. Closed with this. */
  @Override
  public ApiClient admin() {
    return admin;
  }

  /** The same, by another way. To be closed by who asked for it. */
  public ApiClient admin(URI through) throws IOException {
    return new ApiClient(through, files.authorityCertificate(), files.token("admin"));
  }

  @Override
  public Kubectl kubectl() throws IOException {
    return new Kubectl(files.kubeconfig("admin", server, files.token("admin")));
  }

  @Override
  public URI server() {
    return server;
  }

  @Override
  public Path bootstrapKubeconfig() throws IOException {
    return bootstrapKubeconfig(server);
  }

  /** What a node joins with through a proxy. */
  private Path bootstrapKubeconfig(URI through) throws IOException {
    return files.kubeconfig("bootstrap", through, files.bootstrapToken());
  }

  /** The kubeconfig of a node that has joined already. @param through where it finds the API server */
  public Path nodeKubeconfig(String node, URI through) throws IOException {
    return files.nodeKubeconfig(node, through);
  }

  /**
   * The kubeconfig of a service account, in whose name something that is no pod asks. Waits until it has its token.
   *
   * @param through where it finds the API server
   */
  public Path serviceAccountKubeconfig(String namespace, String name, URI through) throws IOException {
    String home = "/api/v1/namespaces/" + namespace;
    String token = Eventually.value("the service account " + name + " has its token", START_LIMIT,
        () -> {
          JsonNode account = admin.get(home + "/serviceaccounts/" + name);
          String secret = account.path("secrets").path(0).path("name").asString("");
          return secret.isEmpty() ? Optional.empty() : token(home + "/secrets/" + secret);
        });
    return files.kubeconfig(name, through, token);
  }

  private Optional<String> token(String secret) throws IOException {
    return admin.find(secret)
        .map(each -> each.path("data").path("token").asString("")).filter(token -> !token.isEmpty())
        .map(token -> new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8));
  }

  /** The certificate of who signs all certificates here, those of nodes too. */
  @Override
  public Path authority() {
    return files.authorityCertificate();
  }

  /** The certificate and the key with which somebody may tell the API server whom a request comes from. */
  Authority.Issued frontProxy() {
    return files.issued("front-proxy");
  }

  /** The certificate and the key of the API server, for a proxy that answers in its name. */
  Authority.Issued serving() {
    return files.issued("apiserver");
  }

  @Override
  public AuditLog audit() {
    return new AuditLog(files.auditLog());
  }

  /** Kills the API server. */
  public void killApiServer() {
    apiServer.kill();
  }

  /** Starts the API server again, on the same data, and waits until it answers. */
  public void startApiServer() throws IOException {
    apiServer.start();
    awaitReady();
  }

  /** Nothing: all of it goes with the cluster. */
  @Override
  public void forget(String node) {}

  /** What a program of it wrote. @param name such as {@code kube-scheduler} */
  public Path log(String name) {
    return directory.resolve(name + ".log");
  }

  private void kill() {
    List.of(scheduler, controllers, apiServer, etcd).forEach(ServerProcess::kill);
  }

  /** Again: nothing. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    approver.close();
    admin.close();
    kill();
    Runtime.getRuntime().removeShutdownHook(atExit);
    Distribution.remove(directory);
  }
}
