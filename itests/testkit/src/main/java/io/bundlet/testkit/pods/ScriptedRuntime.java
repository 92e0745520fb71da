package io.bundlet.testkit.pods;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The scripted runtime, steered and watched from outside by the files that it shares with the test. */
public final class ScriptedRuntime {
  private final Path directory;
  private final JsonFile file;
  private final List<JsonNode> calls = new ArrayList<>();

  /** @param directory of its own; kept over the node's death, as a runtime's state is */
  public ScriptedRuntime(Path directory) {
    this.directory = directory.toAbsolutePath();
    this.file = new JsonFile(this.directory.resolve("calls"));
  }

  /** What the node is to be started with. */
  public String[] options() {
    return new String[] {"--set", "io.bundlet.testkit.scripted:directory=" + directory};
  }

  /** Sets a flag, with a value for those who ask for one. */
  public void set(String flag, String value) throws IOException {
    Path file = directory.resolve("control").resolve(flag);
    Files.createDirectories(file.getParent());
    Path half = Files.writeString(directory.resolve("control").resolve("." + flag), value);
    Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Takes a flag away. */
  public void unset(String flag) throws IOException {
    Files.deleteIfExists(directory.resolve("control").resolve(flag));
  }

  /** Whether a flag is set, by the test or by a script. */
  public boolean isSet(String flag) {
    return Files.exists(directory.resolve("control").resolve(flag));
  }

  /** Every call so far, in order. */
  public synchronized List<JsonNode> calls() throws IOException {
    calls.addAll(file.more());
    return List.copyOf(calls);
  }

  /** Every call for a pod in the namespace {@code default}. @param call such as {@code exec} */
  public List<JsonNode> calls(String call, String pod) throws IOException {
    return calls().stream()
        .filter(each -> each.path("call").asString("").equals(call))
        .filter(each -> each.path("pod").asString("").equals("default/" + pod)).toList();
  }
}
