package io.bundlet.apiserver.kubeconfig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a kubeconfig may say, and what is said of one that cannot be used. */
class KubeconfigTest {
  @TempDir Path directory;
  private final ExecPlugin plugin = new ExecPlugin();

  private Path file(String cluster, String user) throws IOException {
    return Files.writeString(directory.resolve("config"), """
        current-context: here
        contexts: [{name: here, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {%s}}]
        users: [{name: u, user: {%s}}]
        """.formatted(cluster, user));
  }

  private Access read(String cluster, String user) throws Exception {
    return new Kubeconfig(plugin).read(file(cluster, user));
  }

  private String failure(String cluster, String user) {
    return assertThrows(AccessFailure.class, () -> read(cluster, user)).getMessage();
  }

  @Test
  void tokensAndPasswords() throws Exception {
    assertEquals("Bearer abc", read("server: https://a:1/", "token: abc").identity().authorization().orElseThrow());
    assertEquals("Basic YTpi",
        read("server: https://a:1", "username: a, password: b").identity().authorization().orElseThrow());
    Files.writeString(directory.resolve("t"), "of-the-file\n");
    assertEquals("Bearer of-the-file",
        read("server: https://a:1", "token: abc, tokenFile: t").identity().authorization().orElseThrow());
    assertEquals("https://a:1/k", read("server: https://a:1/k/", "").server().toString());
  }

  @Test
  void whatCannotBeUsedIsNamed() throws Exception {
    String config = directory.resolve("config").toString();
    assertEquals(config + ": server 'ftp://a' is not of the form https://HOST:PORT", failure("server: ftp://a", ""));
    assertEquals(config + ": server '' is not of the form https://HOST:PORT", failure("", ""));
    assertTrue(failure("server: https://a, certificate-authority-data: '!'", "").contains("certificate-authority"));
    assertTrue(failure("server: https://a, certificate-authority: none.pem", "").endsWith("there is no such file"));
    assertTrue(failure("server: https://a", "auth-provider: {name: gcp}")
        .endsWith("auth-provider 'gcp' is not carried out, as Kubernetes itself has none any more; name a program that"
            + " gets tokens under exec, such as gke-gcloud-auth-plugin or kubelogin"));
    assertTrue(failure("server: https://a", "token: 'a b'").contains("characters"));
    assertTrue(failure("server: https://a", "client-certificate-data: QQ==").contains("client-certificate"));
    Files.writeString(directory.resolve("config"), "current-context: x\ncontexts: []\n");
    assertEquals(config + ": there is no context 'x' in contexts", assertThrows(AccessFailure.class,
        () -> new Kubeconfig(plugin).read(directory.resolve("config"))).getMessage());
    assertTrue(assertThrows(AccessFailure.class, () -> Kubeconfig.inCluster(Map.of())).getMessage()
        .contains("this is no pod"));
  }

  @Test
  void proxiesAndNamesOfServers() throws Exception {
    Access access = read("server: https://a, proxy-url: 'http://p:8080', tls-server-name: api.example", "");
    assertEquals("p:8080", access.proxy().orElseThrow().getHostString() + ":" + access.proxy().orElseThrow().getPort());
    assertEquals("api.example", access.serverName());
    assertEquals(80, read("server: https://a, proxy-url: 'http://p'", "").proxy().orElseThrow().getPort());
    for (String kind : java.util.List.of("https", "socks5", "socks5h")) {
      assertTrue(failure("server: https://a, proxy-url: '" + kind + "://p:1'", "")
          .contains("proxy-url is of the kind " + kind + ", which is not carried out; the way to the API server may"));
    }
    assertTrue(failure("server: https://a, proxy-url: 'http://u:p@p:1'", "").contains("has a password"));
    assertTrue(failure("server: https://a, proxy-url: 'p:1'", "").contains("not of the form http://HOST:PORT"));
    assertTrue(failure("server: https://a, proxy-url: 'http://p p'", "").contains("proxy-url"));
    assertTrue(failure("server: https://a, tls-server-name: 'a b'", "").contains("neither a name nor an address"));
  }

  private String script(String text) throws IOException {
    Path script = Files.writeString(directory.resolve("who"), "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./who, args: [x], "
        + "env: [{name: WHO, value: me}]}";
  }

  @Test
  void aProgramSaysWhoWeAreUntilItIsOldOrRefused() throws Exception {
    String user = script("""
        echo run >> %s
        echo "{\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"status\\":{\\"token\\":\\"$WHO-$1\\",
          \\"expirationTimestamp\\":\\"2099-01-01T00:00:00Z\\"}}"
        """.formatted(directory.resolve("runs")));
    assertEquals(Optional.of("Bearer me-x"), read("server: https://a", user).identity().authorization());
    read("server: https://a", user);
    assertEquals(1, Files.readAllLines(directory.resolve("runs")).size());
    plugin.refuse();
    read("server: https://a", user);
    assertEquals(2, Files.readAllLines(directory.resolve("runs")).size());
  }

  @Test
  void aProgramThatFailsIsNamed() throws Exception {
    String failing = script("exit 3\n");
    assertTrue(failure("server: https://a", failing).contains("'./who', which knows the credentials, ended with 3"));
    String silent = script("echo '{\"apiVersion\": \"client.authentication.k8s.io/v1\"}'\n");
    assertTrue(failure("server: https://a", silent).contains("neither a token nor a certificate"));
    assertTrue(failure("server: https://a", "exec: {apiVersion: v2, command: x}").contains("is none of"));
  }
}
