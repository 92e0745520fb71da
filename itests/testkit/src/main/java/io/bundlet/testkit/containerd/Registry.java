package io.bundlet.testkit.containerd;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry of images of the test's own, at a port of 127.0.0.1 that is free: Debian's docker-registry. Several may
 * have the same images. What it was asked is read in its own log.
 */
public final class Registry implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Pattern LISTENS = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");
  private static final String SALT = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final Path directory;
  private final Optional<Path> certificate;
  private final Process process;
  private final Thread atExit = new Thread(this::close, "registry-at-exit");
  private final int port;

  private Registry(Path directory, Optional<Path> certificate) throws IOException {
    this.directory = directory;
    this.certificate = certificate;
    process = new ProcessBuilder(PROGRAM.toString(), "serve", directory.resolve("config.yml").toString())
        .redirectErrorStream(true).redirectOutput(log().toFile()).start();
    Runtime.getRuntime().addShutdownHook(atExit);
    port = awaitPort();
  }

  /** Whether this machine has the program. */
  public static boolean available() {
    return Files.isExecutable(PROGRAM);
  }

  /**
   * One that gives everybody everything, by HTTP.
   *
   * @param directory made if need be; has its log
   * @param images where the images are
   */
  public static Registry plain(Path directory, Path images) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("config.yml"), configuration(images));
    return new Registry(directory, Optional.empty());
  }

  /**
   * One that asks for a name and a password, by HTTPS, with a certificate of its own.
   *
   * @param users their passwords by their names
   */
  public static Registry guarded(Path directory, Path images, Map<String, String> users) throws IOException {
    Files.createDirectories(directory);
    Path certificate = directory.resolve("tls.crt");
    Path key = directory.resolve("tls.key");
    Command.succeed(List.of("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-nodes", "-days", "2", "-subj", "/CN=test registry", "-addext", "subjectAltName=IP:127.0.0.1",
        "-keyout", key.toString(), "-out", certificate.toString()));
    StringBuilder passwords = new StringBuilder();
    for (Map.Entry<String, String> user : users.entrySet()) {
      passwords.append(user.getKey()).append(':').append(bcrypt(user.getValue())).append('\n');
    }
    Files.writeString(directory.resolve("htpasswd"), passwords);
    Files.writeString(directory.resolve("config.yml"), configuration(images) + """
          tls: {certificate: "%s", key: "%s"}
        auth:
          htpasswd: {realm: test, path: "%s"}
        """.formatted(certificate, key, directory.resolve("htpasswd")));
    return new Registry(directory, Optional.of(certificate));
  }

  private static String configuration(Path images) {
    return """
        version: 0.1
        log: {level: info}
        storage: {filesystem: {rootdirectory: "%s"}}
        http:
          addr: 127.0.0.1:0
          secret: of-the-tests
        """.formatted(images);
  }

  /** The C library knows how; perl is there wherever Debian is. */
  private static String bcrypt(String password) {
    StringBuilder salt = new StringBuilder("$2b$05$");
    SecureRandom random = new SecureRandom();
    for (int i = 0; i < 21; i++) {
      salt.append(SALT.charAt(random.nextInt(SALT.length())));
    }
    String hash = Command.succeed(
        List.of("perl", "-e", "print crypt($ARGV[0], $ARGV[1])", password, salt.append('O').toString()));
    if (hash.length() != 60) {
      throw new IllegalStateException("the C library makes no bcrypt: " + hash);
    }
    return hash;
  }

  private int awaitPort() throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      Matcher listens = LISTENS.matcher(Files.readString(log()));
      if (listens.find()) {
        return Integer.parseInt(listens.group(1));
      }
      if (!process.isAlive() || System.nanoTime() > deadline) {
        String said = Files.readString(log());
        close();
        throw new IOException("the registry did not start; it says:\n" + said);
      }
      try {
        process.waitFor(10, TimeUnit.MILLISECONDS);
      } catch (InterruptedException interrupt) {
        Thread.currentThread().interrupt();
        close();
        throw new IOException("interrupted while the registry was starting", interrupt);
      }
    }
  }

  private Path log() {
    return directory.resolve("registry.log");
  }

  /** How references name it. */
  public String host() {
    return "127.0.0.1:" + port;
  }

  /** What containerd is told of it. */
  String hosts() {
    String at = (certificate.isPresent() ? "https://" : "http://") + host();
    return "server = \"" + at + "\"\n[host.\"" + at + "\"]\n  capabilities = [\"pull\", \"resolve\"]\n"
        + certificate.map(file -> "  ca = \"" + file + "\"\n").orElse("");
  }

  /**
   * Puts an image there, a busybox unlike all others; only where no password is asked for.
   *
   * @param name such as {@code team/web}
   * @return its reference here
   */
  public String push(String name, String tag) throws IOException {
    OciImage image = OciImage.of(Images.busyboxLayer(), name + ":" + tag, Images.SHELL, "");
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (byte[] blob : List.of(image.layer(), image.config())) {
        URI place = URI.create("http://" + host()).resolve(
            send(client, HttpRequest.newBuilder(at(name, "blobs/uploads/"))
                .POST(HttpRequest.BodyPublishers.noBody()), 202).headers().firstValue("Location").orElseThrow());
        URI put = URI.create(place + (place.getQuery() == null ? "?" : "&") + "digest=" + OciImage.digest(blob));
        send(client, HttpRequest.newBuilder(put).header("Content-Type", "application/octet-stream")
            .PUT(HttpRequest.BodyPublishers.ofByteArray(blob)), 201);
      }
      send(client, HttpRequest.newBuilder(at(name, "manifests/" + tag)).header("Content-Type", OciImage.MANIFEST)
          .PUT(HttpRequest.BodyPublishers.ofByteArray(image.manifest())), 201);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while an image was pushed", interrupt);
    }
    return host() + "/" + name + ":" + tag;
  }

  private URI at(String name, String path) {
    return URI.create("http://" + host() + "/v2/" + name + "/" + path);
  }

  private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request, int expected)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(request.timeout(Duration.ofMinutes(1)).build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != expected) {
      throw new IOException(answer.request().method() + " " + answer.uri() + ": " + answer.statusCode() + " "
          + answer.body());
    }
    return answer;
  }

  /** How often it was asked which image a tag stands for, and answered with this status. */
  public long asked(String name, String tag, int status) throws IOException {
    String line = "\"HEAD /v2/" + name + "/manifests/" + tag + " HTTP/1.1\" " + status + " ";
    return Files.readAllLines(log()).stream().filter(each -> each.contains(line)).count();
  }

  /** Ends it. Again: nothing. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    if (Thread.currentThread() != atExit) {
      Runtime.getRuntime().removeShutdownHook(atExit);
    }
  }
}
