package io.bundlet.testkit.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an API server was asked, by its audit log. Requests of the control plane itself and of the test's admin are not
 * in it.
 */
public record AuditLog(Path file) {
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * One request.
   *
   * @param user who asked
   * @param verb such as {@code patch}
   * @param resource such as {@code pods/status}; empty for what is no resource
   * @param code what was answered; 0 while a watch goes on
   * @param body what was sent, for what writes pods and nodes
   */
  public record Request(
      Instant at, String user, String agent, String verb, String resource, String namespace, String name, String uri,
      int code, JsonNode body) {
    @Override
    public String toString() {
      return at + " " + user + " " + verb + " " + uri + " " + code;
    }
  }

  /** Whether there is one: of a cluster that was given, nothing can be said of what was asked. */
  public boolean kept() {
    return Files.exists(file);
  }

  /** All requests that were answered, in the order of their answers; a watch counts when it is opened. */
  public List<Request> requests() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(line -> line.endsWith("}")).map(JSON::readTree).filter(AuditLog::counts)
          .map(AuditLog::request).toList();
    }
  }

  /** The requests of a node. */
  public List<Request> of(String node) throws IOException {
    return requests().stream().filter(each -> each.user().equals("system:node:" + node)).toList();
  }

  private static boolean counts(JsonNode event) {
    String stage = event.path("stage").asString("");
    return event.path("verb").asString("").equals("watch")
        ? stage.equals("ResponseStarted")
            || stage.equals("ResponseComplete") && event.path("responseStatus").path("code").asInt(0) >= 400
        : stage.equals("ResponseComplete") || stage.equals("Panic");
  }

  private static Request request(JsonNode event) {
    JsonNode object = event.path("objectRef");
    String part = object.path("subresource").asString("");
    return new Request(
        Instant.parse(event.path("stageTimestamp").asString("")),
        event.path("user").path("username").asString(""), event.path("userAgent").asString(""),
        event.path("verb").asString(""), object.path("resource").asString("") + (part.isEmpty() ? "" : "/" + part),
        object.path("namespace").asString(""), object.path("name").asString(""),
        event.path("requestURI").asString(""), event.path("responseStatus").path("code").asInt(0),
        event.path("requestObject"));
  }
}
