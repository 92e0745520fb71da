package io.bundlet.e2e.peer;

import io.bundlet.e2e.outside.NodeAddress;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Kubernetes project's kubelet without an API server, in directories of its own. What it changes on the machine
 * outside of them (some kernel parameters, the logs' directories) is put back at the end.
 */
public final class UpstreamKubelet implements Kubelet {
  /** Its node's name. */
  public static final String NODE = "peer";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  /** What it sets. */
  private static final List<String> PARAMETERS = List.of(
      "vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops", "kernel/keys/root_maxkeys",
      "kernel/keys/root_maxbytes");
  /** What it makes wherever its own directory is. */
  private static final List<Path> OUTSIDE = List.of(
      Path.of("/var/log/pods"), Path.of("/var/log/containers"), Path.of("/var/lib/kubelet"));

  private final Path home;
  private final Path log;
  private final URI pods;
  private final Process process;
  private final Map<Path, String> parameters = new LinkedHashMap<>();
  private final List<Path> made;
  private final Thread atExit = new Thread(this::kill, "kubelet-at-exit");
  private final HttpClient client = HttpClient.newHttpClient();
  private final JsonMapper json = new JsonMapper();
  private final Map<String, History> histories = new TreeMap<>();

  /** Starts it and waits until it answers. @param home its directories, made if need be @param log its output */
  UpstreamKubelet(Path binary, Path home, Path log, Containerd containerd) throws IOException {
    this(binary, home, log, containerd.endpoint(), List.of());
  }

  /** The same. @param endpoint of its runtime @param more options, such as those by which it belongs to a cluster */
  public UpstreamKubelet(Path binary, Path home, Path log, String endpoint, List<String> more)
      throws IOException {
    this.home = home;
    this.log = log;
    for (String directory : List.of("root", "manifests", "certificates", "plugins")) {
      Files.createDirectories(home.resolve(directory));
    }
    for (String parameter : PARAMETERS) {
      Path file = Path.of("/proc/sys", parameter);
      if (Files.exists(file)) {
        parameters.put(file, value(file));
      }
    }
    made = OUTSIDE.stream().filter(path -> !Files.exists(path)).toList();
    int port = freePort();
    pods = URI.create("http://127.0.0.1:" + port + "/pods");
    Runtime.getRuntime().addShutdownHook(atExit);
    List<String> command = new ArrayList<>(
        List.of(
            binary.toString(), "--root-dir=" + home.resolve("root"),
            "--pod-manifest-path=" + home.resolve("manifests"), "--cert-dir=" + home.resolve("certificates"),
            "--volume-plugin-dir=" + home.resolve("plugins"),
            "--seccomp-profile-root=" + home.resolve("root/seccomp"), "--container-runtime=remote",
            "--container-runtime-endpoint=" + endpoint, "--cgroup-driver=cgroupfs",
            "--cgroups-per-qos=false", "--enforce-node-allocatable=", "--fail-swap-on=false",
            "--hostname-override=" + NODE, "--node-ip=" + NodeAddress.ipv4(), "--cluster-domain=cluster.local",
            "--cluster-dns=10.96.0.10", "--address=127.0.0.1", "--port=" + freePort(), "--healthz-port=0",
            "--read-only-port=" + port, "--authentication-token-webhook=false", "--anonymous-auth=true",
            "--authorization-mode=AlwaysAllow", "--oom-score-adj=0", "--resolv-conf=/etc/resolv.conf",
            "--make-iptables-util-chains=false", "--image-gc-high-threshold=100", "--v=1",
            "--vmodule=status_manager=5"));
    command.addAll(more);
    process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Eventually.until("the kubelet answers; its log is " + log, START_LIMIT, () -> {
      if (!process.isAlive()) {
        throw new IOException("it has ended: " + Files.readString(log));
      }
      look();
      return true;
    });
  }

  /** A kernel parameter, which is there whole or not at all: it cannot be read byte by byte. */
  private static String value(Path parameter) throws IOException {
    try (InputStream in = Files.newInputStream(parameter)) {
      byte[] buffer = new byte[64];
      return new String(buffer, 0, Math.max(0, in.read(buffer)), StandardCharsets.US_ASCII);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  @Override
  public String name() {
    return "upstream";
  }

  @Override
  public void put(String pod, String yaml) throws IOException {
    Path half = Files.writeString(home.resolve(pod + ".tmp"), yaml);
    Files.move(half, home.resolve("manifests").resolve(pod + ".yaml"), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void withdraw(String pod) throws IOException {
    Files.delete(home.resolve("manifests").resolve(pod + ".yaml"));
  }

  /** Its pods as its port shows them now. */
  public JsonNode pods() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(pods).timeout(Duration.ofSeconds(10)).build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(pods + " answers " + answer.statusCode() + ": " + answer.body());
    }
    return json.readTree(answer.body()).path("items");
  }

  @Override
  public void look() throws IOException, InterruptedException {
    JsonNode items = pods();
    long now = System.currentTimeMillis();
    for (JsonNode pod : items) {
      String name = pod.path("metadata").path("name").asString("");
      String manifest = name.substring(0, name.length() - NODE.length() - 1);
      JsonNode status = pod.path("status");
      // before it has written the first one, there is only what every pod begins with
      if (!status.path("containerStatuses").isEmpty() || status.path("reason").isString()) {
        histories.computeIfAbsent(manifest, any -> new History()).add(now, Projection.of(manifest, status));
      }
    }
  }

  @Override
  public Map<String, History> histories() {
    return histories;
  }

  @Override
  public String remark() throws IOException {
    long written;
    try (Stream<String> lines = Files.lines(log)) {
      written = lines.filter(line -> line.contains("to podStatusChannel") || line.contains("channel is full")).count();
    }
    int seen = histories.values().stream().mapToInt(History::size).sum();
    return "its port was polled; it wrote " + written + " statuses, and " + seen
        + " of those that were seen differ from the one before in what is compared";
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  private void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    } catch (CompletionException late) {
      kill();
    }
    Runtime.getRuntime().removeShutdownHook(atExit);
    client.close();
    List<String> mounts = Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .map(line -> line.split(" ")[4]).filter(mount -> Path.of(mount).startsWith(home)).toList();
    for (String mount : mounts.reversed()) {
      new ProcessBuilder("umount", "--lazy", mount).start().onExit().join();
    }
    for (Map.Entry<Path, String> parameter : parameters.entrySet()) {
      if (!value(parameter.getKey()).equals(parameter.getValue())) {
        Files.writeString(parameter.getKey(), parameter.getValue());
      }
    }
    // containerd may just be making a log in them
    Eventually.until("what the kubelet made outside of its directories is gone", Duration.ofSeconds(20), () -> {
      made.forEach(Distribution::remove);
      return made.stream().noneMatch(Files::exists);
    });
  }
}
