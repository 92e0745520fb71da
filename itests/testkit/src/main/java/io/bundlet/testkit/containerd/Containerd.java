package io.bundlet.testkit.containerd;

import io.bundlet.cri.protocol.StatusRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A containerd of the test's own. Needs root and Debian's packages containerd, runc, containernetworking-plugins,
 * iptables and busybox-static.
 *
 * <p>{@link #close} takes everything away: pods, processes, mounts, network, the directory. It also runs when the JVM
 * ends without it. Not for several threads.
 */
public final class Containerd implements AutoCloseable {
  /** An image with a shell and the usual commands; here from the start. */
  public static final String BUSYBOX_IMAGE = "bundlet.test/busybox:1";

  /** The same, whose processes run as {@code www}, number 33, where nobody says otherwise. */
  public static final String NAMED_USER_IMAGE = "bundlet.test/www:1";

  /** The same, whose processes run as {@code nobody-here}, whom the image does not know. */
  public static final String UNKNOWN_USER_IMAGE = "bundlet.test/nobody:1";

  static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final String PAUSE_IMAGE = "bundlet.test/pause:1";
  private static final Duration START_LIMIT = Duration.ofSeconds(120);
  /** What the kernel takes as a socket's path, less the longest ending that is added here. */
  private static final int MAX_PATH = 107 - "/containerd.sock.ttrpc".length();

  private final Configuration configuration;
  private final Leftovers leftovers;
  private final CriClient client;
  private final Thread atExit = new Thread(this::close, "containerd-at-exit");
  private Process process;
  private boolean closed;

  private Containerd(Configuration configuration) {
    this.configuration = configuration;
    this.leftovers = new Leftovers(configuration);
    this.client = new CriClient(configuration.socket());
  }

  /** Whether this machine and this user can run one. */
  public static boolean available() {
    return "root".equals(System.getProperty("user.name"))
        && Files.isExecutable(BUSYBOX)
        && Files.isExecutable(Path.of("/usr/lib/cni/bridge"))
        && onPath("containerd") && onPath("ctr") && onPath("runc") && onPath("iptables");
  }

  /**
   * Starts one and waits until it can run pods.
   *
   * @param directory made if need be, deleted at the end; at most 85 characters, because sockets are in it
   */
  public static Containerd start(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    if (absolute.toString().length() > MAX_PATH) {
      throw new IllegalArgumentException(absolute + " is too long for the sockets in it; at most " + MAX_PATH);
    }
    Files.createDirectories(absolute);
    Configuration configuration = Configuration.in(absolute);
    configuration.write(PAUSE_IMAGE);
    Containerd containerd = new Containerd(configuration);
    Runtime.getRuntime().addShutdownHook(containerd.atExit);
    try {
      containerd.leftovers.allowForwarding();
      containerd.startAgain();
      Path archive = absolute.resolve("images.tar");
      Images.write(archive, PAUSE_IMAGE);
      containerd.importImages(archive);
      Files.delete(archive);
      return containerd;
    } catch (IOException | RuntimeException failure) {
      containerd.close();
      throw failure;
    }
  }

  /** The endpoint for a CRI client. */
  public String endpoint() {
    return "unix://" + socket();
  }

  public Path socket() {
    return configuration.socket();
  }

  /** Where everything is. */
  public Path directory() {
    return configuration.directory();
  }

  /** What containerd wrote so far. */
  public Path log() {
    return configuration.directory().resolve("containerd.log");
  }

  /** Looks at the runtime from outside. Closed with this. */
  public CriClient client() {
    return client;
  }

  /** Ends containerd without warning, as kill -9 does. Containers and their shims live on. */
  public void kill() {
    process.destroyForcibly();
    ended();
  }

  /** Starts containerd again after {@link #kill}, on the same data, and waits until it answers. */
  public void startAgain() throws IOException {
    process = new ProcessBuilder("containerd", "--config", configuration.file().toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
        .start();
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!ready()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("containerd did not start; its log ends with:\n" + logEnd());
      }
      pause(process);
    }
  }

  /** Makes the images of an OCI archive known to CRI. */
  public void importImages(Path archive) {
    Command.succeed(List.of(
        "ctr", "--address", socket().toString(), "--namespace", "k8s.io", "images", "import", archive.toString()));
  }

  /** Makes an image of busybox under this name, as if it had been pulled; nobody else's is the same. */
  public synchronized void importBusybox(String reference) throws IOException {
    Path archive = configuration.directory().resolve("one.tar");
    Images.writeOne(archive, reference);
    importImages(archive);
    Files.delete(archive);
  }

  /** Images of this registry can be pulled from now on. */
  public void trust(Registry registry) throws IOException {
    Path at = Files.createDirectories(configuration.directory().resolve("registries").resolve(registry.host()));
    Files.writeString(at.resolve("hosts.toml"), registry.hosts());
  }

  /** Takes everything away. Again: nothing. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (process == null || !process.isAlive()) {
        startAgain();
      }
      leftovers.removePods(client);
    } catch (IOException | RuntimeException failure) {
      System.err.println("pods may be left behind: " + failure);
    }
    if (process != null) {
      process.destroy();
      if (!ended()) {
        kill();
      }
    }
    client.close();
    leftovers.remove();
    if (Thread.currentThread() != atExit) {
      Runtime.getRuntime().removeShutdownHook(atExit);
    }
  }

  private boolean ready() {
    try {
      client.retryNow();
      client.runtime().status(StatusRequest.getDefaultInstance());
      return true;
    } catch (StatusRuntimeException notYet) {
      return false;
    }
  }

  private boolean ended() {
    try {
      return process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Waits a moment, or until the process has ended. */
  private static void pause(Process process) {
    try {
      process.waitFor(30, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while containerd was starting", interrupt);
    }
  }

  private String logEnd() {
    try {
      List<String> lines = Files.readAllLines(log());
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static boolean onPath(String program) {
    return Stream.of(System.getenv("PATH").split(":")).anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }
}
