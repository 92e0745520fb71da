package io.bundlet.kubeletapi.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.kubeletapi.route.Route;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * All routes of the server, by everybody. The table below is written by hand: a route that is added to the server and
 * not here, with who may use it, is red.
 */
class RouteTableTest {
  /** Method, pattern, the verb and the subresources of which one must be allowed, the status for who may. */
  private static final String EXPECTED = """
      GET  /healthz                                    get    healthz,proxy 200
      GET  /healthz/ping                               get    healthz,proxy 200
      GET  /healthz/syncloop                           get    healthz,proxy 200
      GET  /pods                                       get    pods,proxy    200
      GET  /runningpods                                get    pods,proxy    200
      GET  /metrics                                    get    metrics       200
      GET  /metrics/resource                           get    metrics       200
      GET  /stats/summary                              get    stats         200
      POST /stats/summary                              create stats         200
      GET  /configz                                    get    configz,proxy 200
      GET  /containerLogs/{namespace}/{pod}/{container} get   proxy         200
      GET  /exec/{namespace}/{pod}/{container}         create proxy         400
      POST /exec/{namespace}/{pod}/{container}         create proxy         400
      GET  /exec/{namespace}/{pod}/{uid}/{container}   create proxy         400
      POST /exec/{namespace}/{pod}/{uid}/{container}   create proxy         400
      GET  /attach/{namespace}/{pod}/{container}       create proxy         400
      POST /attach/{namespace}/{pod}/{container}       create proxy         400
      GET  /attach/{namespace}/{pod}/{uid}/{container} create proxy         400
      POST /attach/{namespace}/{pod}/{uid}/{container} create proxy         400
      GET  /portForward/{namespace}/{pod}              create proxy         400
      POST /portForward/{namespace}/{pod}              create proxy         400
      GET  /portForward/{namespace}/{pod}/{uid}        create proxy         400
      POST /portForward/{namespace}/{pod}/{uid}        create proxy         400
      POST /run/{namespace}/{pod}/{container}          create proxy         400
      POST /run/{namespace}/{pod}/{uid}/{container}    create proxy         400
      """;
  /** What other kubelets have at some time had, and this one does not. */
  private static final List<String> NOWHERE =
      List.of(
          "/", "/debug/pprof/", "/debug/pprof/heap", "/debug/flags/v", "/logs/", "/logs/syslog", "/spec/", "/stats",
          "/stats/container", "/cri/exec/x", "/checkpoint/default/web/main", "/metrics/cadvisor", "/metrics/probes",
          "/containerLogs/default/web", "/statusz", "/flagz", "/index.html");

  private record Row(String method, String pattern, String verb, List<String> subresources, int status) {
    static Row of(String line) {
      String[] words = line.split(" +");
      return new Row(words[0], words[1], words[2], List.of(words[3].split(",")), Integer.parseInt(words[4]));
    }

    String path() {
      return pattern.replace("{namespace}", "default").replace("{pod}", "web").replace("{container}", "main")
          .replace("{uid}", "uid-web");
    }
  }

  private Harness harness;

  @BeforeEach
  void start() throws Exception {
    harness = new Harness();
  }

  @AfterEach
  void end() {
    harness.close();
  }

  private static Stream<Row> rows() {
    return EXPECTED.lines().map(Row::of);
  }

  private HttpResponse<String> send(HttpClient client, String method, String path, Optional<String> token)
      throws Exception {
    harness.node.log = new FakeLog().write("a line\n").end();
    HttpRequest.Builder request = harness.request(path).method(method, HttpRequest.BodyPublishers.noBody());
    token.ifPresent(word -> request.header("Authorization", "Bearer " + word));
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void theTableOfTheServerIsTheOneHere() {
    List<String> served = new ArrayList<>();
    for (Route route : harness.table.routes()) {
      route.methods().forEach(method -> served.add(method + " " + route.pattern()));
    }
    assertEquals(
        new TreeSet<>(rows().map(row -> row.method() + " " + row.pattern()).toList()), new TreeSet<>(served));
    assertEquals(new TreeSet<>(served).size(), served.size(), "a route is there twice: " + served);
  }

  /** Every route of the server's own table, whatever stands above. */
  private Stream<Row> served() {
    return harness.table.routes().stream()
        .flatMap(route -> route.methods().stream().map(method -> new Row(method, route.pattern(), "", List.of(), 0)));
  }

  @Test
  void nobodyGetsNowhere() throws Exception {
    TestAuthority strangers = new TestAuthority("strangers");
    List<Optional<TestAuthority.Issued>> nobodies =
        List.of(
            Optional.empty(),
            Optional.of(strangers.client("CN=admin,O=people")),
            Optional.of(harness.clients.client("CN=admin,O=people", Duration.ofHours(-1))),
            Optional.of(harness.clients.server("CN=admin,O=people")),
            Optional.of(harness.clients.client("O=people")));
    for (Optional<TestAuthority.Issued> nobody : nobodies) {
      try (HttpClient client = harness.client(nobody)) {
        for (Row row : served().toList()) {
          HttpResponse<String> answer = send(client, row.method(), row.path(), Optional.empty());
          assertEquals(401, answer.statusCode(), row + " by " + nobody);
          assertEquals("Unauthorized\n", answer.body());
        }
      }
    }
    assertTrue(harness.reviews.asked.isEmpty(), () -> "" + harness.reviews.asked);
  }

  @Test
  void aTokenThatIsNobodysGetsNowhere() throws Exception {
    try (HttpClient client = harness.client(Optional.empty())) {
      for (Row row : served().toList()) {
        assertEquals(401, send(client, row.method(), row.path(), Optional.of("stolen")).statusCode(), "" + row);
      }
    }
    assertEquals(List.of("token"), harness.reviews.asked, "the API server is asked once for a token");
  }

  @Test
  void whoMayNothingIsToldWhatHeMayNot() throws Exception {
    try (HttpClient client = harness.client(harness.clients.client("CN=guest"))) {
      for (Row row : rows().toList()) {
        HttpResponse<String> answer = send(client, row.method(), row.path(), Optional.empty());
        assertEquals(403, answer.statusCode(), "" + row);
        assertEquals(
            "Forbidden (user=guest, verb=" + row.verb() + ", resource=nodes, subresource(s)=["
                + String.join(" ", row.subresources()) + "])\n",
            answer.body());
      }
    }
    assertEquals(
        rows().flatMap(row -> row.subresources().stream().map(each -> "guest " + row.verb() + " " + each))
            .collect(Collectors.toCollection(TreeSet::new)),
        new TreeSet<>(harness.reviews.asked));
  }

  @Test
  void whoMayIsAnswered() throws Exception {
    try (HttpClient byCertificate = harness.client(harness.admin);
        HttpClient byToken = harness.client(Optional.empty())) {
      for (Row row : rows().toList()) {
        HttpResponse<String> answer = send(byCertificate, row.method(), row.path(), Optional.empty());
        assertEquals(row.status(), answer.statusCode(), row + ": " + answer.body());
        assertEquals("nosniff", answer.headers().firstValue("X-Content-Type-Options").orElse(""));
        assertEquals(
            row.status(), send(byToken, row.method(), row.path(), Optional.of("good")).statusCode(), row + " by token");
      }
    }
  }

  @Test
  void eachOfTwoCandidatesIsEnough() throws Exception {
    for (Row row : rows().toList()) {
      for (String one : row.subresources()) {
        String user = "user-" + row.verb() + "-" + one;
        harness.reviews.mayAll.add(user + " " + row.verb() + " " + one);
        try (HttpClient client = harness.client(harness.clients.client("CN=" + user))) {
          assertEquals(
              row.status(), send(client, row.method(), row.path(), Optional.empty()).statusCode(), row + " by " + one);
        }
      }
    }
  }

  /** CVE-2019-11248 and CVE-2025-0426 were such paths, open to everybody. */
  @Test
  void whatIsNotThereIsToldToThoseAloneWhoMay() throws Exception {
    try (HttpClient nobody = harness.client(Optional.empty()); HttpClient admin = harness.client(harness.admin)) {
      for (String path : NOWHERE) {
        assertEquals(401, send(nobody, "GET", path, Optional.empty()).statusCode(), path);
        assertEquals(404, send(admin, "GET", path, Optional.empty()).statusCode(), path);
      }
      assertEquals(405, send(admin, "DELETE", "/pods", Optional.empty()).statusCode());
    }
  }

  /** Reading a node's proxy and running commands on it are two things. */
  @Test
  void whoMayReadMayNotRunCommandsByGet() throws Exception {
    harness.reviews.mayAll.add("reader get proxy");
    try (HttpClient client = harness.client(harness.clients.client("CN=reader"))) {
      assertEquals(200, send(client, "GET", Harness.LOGS, Optional.empty()).statusCode());
      assertEquals(403, send(client, "GET", "/exec/default/web/main?command=sh", Optional.empty()).statusCode());
    }
  }

  /** CVE-2018-1002105 and CVE-2020-8559 followed from nodes that sent callers elsewhere. */
  @Test
  void nobodyIsSentElsewhere() throws Exception {
    try (HttpClient admin = harness.client(harness.admin)) {
      for (Row row : served().toList()) {
        HttpResponse<String> answer = send(admin, row.method(), row.path(), Optional.empty());
        assertFalse(answer.statusCode() >= 300 && answer.statusCode() < 400, "" + row);
        assertFalse(answer.statusCode() == 101, "" + row);
        assertEquals(Optional.empty(), answer.headers().firstValue("Location"));
      }
    }
  }

  @Test
  void theOpenPortTellsHealthAlone() throws Exception {
    assertEquals(200, harness.local("/healthz").statusCode());
    assertEquals("ok", harness.local("/healthz").body());
    Stream<String> others =
        Stream.concat(served().map(Row::path).filter(path -> !path.equals("/healthz")), NOWHERE.stream());
    for (String path : others.toList()) {
      assertEquals(404, harness.local(path).statusCode(), path);
    }
    harness.neighbours.node.unbind(harness.node);
    assertEquals(503, harness.local("/healthz").statusCode());
  }
}
