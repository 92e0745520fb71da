package io.bundlet.e2e.peer;

import io.bundlet.e2e.outside.NodeAddress;
import io.bundlet.e2e.peer.recorder.StatusRecorder;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.NodeProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bundlet with a recorder of statuses among its plugins. */
final class BundletKubelet implements Kubelet {
  private final NodeProcess node;
  private final Path records;
  private final JsonMapper json = new JsonMapper();
  private final Map<String, History> histories = new TreeMap<>();
  private long read;
  private long told;

  /** Starts it and waits until it answers. @param home its directories, made if need be */
  BundletKubelet(Path home, Containerd containerd) throws IOException {
    records = home.resolve("statuses").toAbsolutePath();
    node =
        new NodeProcess(
            Distribution.built(), home, "--cri-endpoint", containerd.socket().toString(), "--default-handler", "runc",
            "--node-name", UpstreamKubelet.NODE, "--resolv-conf", "/etc/resolv.conf", "--node-ip", NodeAddress.ipv4(),
            "--cluster-domain", "cluster.local", "--cluster-dns", "10.96.0.10");
    node.plugin("recorder.jar", recorder(home.resolve("recorder.jar")));
    node.start().awaitReady();
    Eventually.until("the recorder listens: " + node.output(), Duration.ofSeconds(30),
        () -> Files.exists(records) && Files.readString(records).contains("listens"));
  }

  private Path recorder(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(new Attributes.Name("Bundle-ManifestVersion"), "2");
    main.put(new Attributes.Name("Bundle-SymbolicName"), "io.bundlet.e2e.recorder");
    main.put(new Attributes.Name("Bundle-Version"), "1.0.0");
    main.put(new Attributes.Name("Bundle-Activator"), StatusRecorder.class.getName());
    main.put(new Attributes.Name("Import-Package"),
        "org.osgi.framework,io.bundlet.kubernetes;bundlet=internal,io.fabric8.kubernetes.api.model,"
            + "tools.jackson.databind.json,tools.jackson.databind,tools.jackson.core");
    main.put(new Attributes.Name(StatusRecorder.FILE), records.toString());
    try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file, manifest)) {
      String name = StatusRecorder.class.getName().replace('.', '/') + ".class";
      out.putNextEntry(new JarEntry(name));
      try (InputStream content = StatusRecorder.class.getClassLoader().getResourceAsStream(name)) {
        content.transferTo(out);
      }
      out.closeEntry();
    }
    return jar;
  }

  @Override
  public String name() {
    return "bundlet";
  }

  @Override
  public void put(String pod, String yaml) throws IOException {
    node.manifest(pod + ".yaml", yaml);
  }

  @Override
  public void withdraw(String pod) throws IOException {
    node.withdraw(pod + ".yaml");
  }

  @Override
  public void look() throws IOException {
    byte[] added;
    try (InputStream in = Files.newInputStream(records)) {
      in.skipNBytes(read);
      added = in.readAllBytes();
    }
    int end = added.length;
    while (end > 0 && added[end - 1] != '\n') {
      end--;
    }
    read += end;
    for (String line : new String(added, 0, end, StandardCharsets.UTF_8).split("\n")) {
      JsonNode record = line.isEmpty() ? json.createObjectNode() : json.readTree(line);
      if (record.path("status").isObject()) {
        told++;
        String name = record.path("name").asString("");
        histories.computeIfAbsent(name, any -> new History())
            .add(record.path("at").asLong(), Projection.of(name, record.path("status")));
      }
    }
  }

  @Override
  public Map<String, History> histories() {
    return histories;
  }

  @Override
  public String remark() {
    int seen = histories.values().stream().mapToInt(History::size).sum();
    return "it told " + told + " statuses, of which " + seen
        + " differ from the one before in what is compared";
  }

  @Override
  public void close() throws IOException {
    try {
      node.stop(Duration.ofSeconds(60));
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    } finally {
      node.close();
    }
  }
}
