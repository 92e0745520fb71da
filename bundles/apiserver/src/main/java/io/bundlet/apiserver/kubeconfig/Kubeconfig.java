package io.bundlet.apiserver.kubeconfig;

import io.bundlet.apiserver.certificate.Pem;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the current context of a kubeconfig. What it names relative to itself is looked up beside it. */
public final class Kubeconfig {
  /** In place of a file's name: the way that a pod of the cluster is given. */
  public static final String IN_CLUSTER = "in-cluster";

  private static final Path POD = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,253}");

  private final ExecPlugin plugin;

  /** @param plugin runs programs that know the credentials */
  public Kubeconfig(ExecPlugin plugin) {
    this.plugin = plugin;
  }

  /**
   * Reads a file and those that it names, and runs the program that it names, if it has not yet said who we are or what
   * it said has become old.
   */
  public Access read(Path file) throws AccessFailure, InterruptedException {
    Document config = Document.read(file);
    String name = config.text("current-context");
    if (name.isEmpty()) {
      throw config.failure("current-context is missing; it names the context that is to be used");
    }
    Document context = config.named("contexts", name, "context");
    Document cluster = config.named("clusters", context.text("cluster"), "cluster");
    String user = context.text("user");
    return access(cluster, user.isEmpty() ? null : config.named("users", user, "user"));
  }

  private Access access(Document cluster, Document user) throws AccessFailure, InterruptedException {
    URI server = server(cluster);
    Access known = new Access(server, authorities(cluster), cluster.truth("insecure-skip-tls-verify"), proxy(cluster),
        serverName(cluster), Access.Identity.none());
    if (user == null) {
      return known;
    }
    Access.Identity identity =
        user.has("exec") ? plugin.identity(user.part("exec"), known) : identity(user);
    return new Access(server, known.authorities(), known.insecure(), known.proxy(), known.serverName(), identity);
  }

  private static URI server(Document cluster) throws AccessFailure {
    String text = cluster.text("server").replaceAll("/+$", "");
    try {
      URI server = URI.create(text);
      if (List.of("https", "http").contains(String.valueOf(server.getScheme())) && server.getHost() != null
          && server.getQuery() == null && server.getFragment() == null && server.getUserInfo() == null) {
        return server;
      }
    } catch (IllegalArgumentException e) {
      throw cluster.failure("server", e);
    }
    throw cluster.failure("server '" + text + "' is not of the form https://HOST:PORT");
  }

  private static List<X509Certificate> authorities(Document cluster) throws AccessFailure {
    String text = cluster.content("certificate-authority");
    try {
      return text.isEmpty() ? List.of() : Pem.certificates(text);
    } catch (GeneralSecurityException e) {
      throw cluster.failure("certificate-authority", e);
    }
  }

  private static String serverName(Document cluster) throws AccessFailure {
    String name = cluster.text("tls-server-name");
    if (name.isEmpty() || NAME.matcher(name).matches()) {
      return name;
    }
    throw cluster.failure("tls-server-name '" + name + "' is neither a name nor an address");
  }

  private static Optional<InetSocketAddress> proxy(Document cluster) throws AccessFailure {
    String text = cluster.text("proxy-url");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    URI proxy;
    try {
      proxy = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw cluster.failure("proxy-url", e);
    }
    String scheme = String.valueOf(proxy.getScheme());
    if (proxy.getUserInfo() != null) {
      throw cluster.failure("proxy-url has a password, which is not carried out; let the proxy know the node by its"
          + " address");
    }
    if (List.of("https", "socks5", "socks5h").contains(scheme)) {
      throw cluster.failure("proxy-url is of the kind " + scheme + ", which is not carried out; the way to the API"
          + " server may lead through a proxy http://HOST:PORT, which sees nothing of what is said either");
    }
    if (!scheme.equals("http") || proxy.getHost() == null) {
      throw cluster.failure("proxy-url '" + text + "' is not of the form http://HOST:PORT");
    }
    return Optional.of(InetSocketAddress.createUnresolved(
        proxy.getHost(), proxy.getPort() < 0 ? 80 : proxy.getPort()));
  }

  private static Access.Identity identity(Document user) throws AccessFailure {
    if (user.has("auth-provider")) {
      throw user.failure("auth-provider '" + user.part("auth-provider").text("name") + "' is not carried out, as"
          + " Kubernetes itself has none any more; name a program that gets tokens under exec, such as"
          + " gke-gcloud-auth-plugin or kubelogin");
    }
    String certificate = user.content("client-certificate");
    String key = user.content("client-key");
    Optional<String> authorization = authorization(user);
    if (certificate.isEmpty() && key.isEmpty()) {
      return new Access.Identity(List.of(), null, authorization, Optional.empty());
    }
    try {
      return new Access.Identity(Pem.certificates(certificate), Pem.privateKey(key), authorization, Optional.empty());
    } catch (GeneralSecurityException e) {
      throw user.failure("client-certificate and client-key", e);
    }
  }

  private static Optional<String> authorization(Document user) throws AccessFailure {
    String token = user.text("token");
    // A file goes over the token, which is what it once was.
    if (!user.text("tokenFile").isEmpty()) {
      token = Document.text(user.file("tokenFile"));
    }
    if (!token.isBlank()) {
      return Optional.of(bearer(token));
    }
    String name = user.text("username");
    return name.isEmpty() ? Optional.empty() : Optional.of("Basic " + Base64.getEncoder().encodeToString(
        (name + ":" + user.text("password")).getBytes(StandardCharsets.UTF_8)));
  }

  static String bearer(String token) throws AccessFailure {
    String stripped = token.strip();
    if (!stripped.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new AccessFailure("the token has characters that no token has");
    }
    return "Bearer " + stripped;
  }

  /** The way that a pod of the cluster is given. */
  public static Access inCluster(Map<String, String> environment) throws AccessFailure {
    String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "");
    if (host.isEmpty() || port.isEmpty()) {
      throw new AccessFailure("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: this is no pod of a"
          + " cluster; give a kubeconfig");
    }
    try {
      return new Access(URI.create("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port),
          Pem.certificates(Document.text(POD.resolve("ca.crt"))), false, Optional.empty(), "",
          new Access.Identity(List.of(), null, Optional.of(bearer(Document.text(POD.resolve("token")))),
              Optional.empty()));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new AccessFailure(POD + ": " + e.getMessage(), e);
    }
  }
}
