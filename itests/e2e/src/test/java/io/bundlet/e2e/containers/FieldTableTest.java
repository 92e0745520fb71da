package io.bundlet.e2e.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.cri.protocol.Capability;
import io.bundlet.cri.protocol.ContainerConfig;
import io.bundlet.cri.protocol.DNSConfig;
import io.bundlet.cri.protocol.LinuxContainerResources;
import io.bundlet.cri.protocol.LinuxContainerSecurityContext;
import io.bundlet.cri.protocol.LinuxPodSandboxConfig;
import io.bundlet.cri.protocol.LinuxSandboxSecurityContext;
import io.bundlet.cri.protocol.Mount;
import io.bundlet.cri.protocol.NamespaceOption;
import io.bundlet.cri.protocol.PodSandboxConfig;
import io.bundlet.cri.protocol.PortMapping;
import io.bundlet.e2e.outside.OwnNode;
import io.bundlet.testkit.containerd.Command;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.PodLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every field of CRI that the node sets, seen where it takes effect, with it and without it. */
@Tag("containerd")
@Timeout(900)
class FieldTableTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final int LEAST = 45;
  private static final String FORBIDS_DIRECTORIES = """
      {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
        {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}]}
      """;

  private static OwnNode own;
  private static Path shared;
  private static FieldRows rows;

  @BeforeAll
  static void begin() throws Exception {
    int number = ThreadLocalRandom.current().nextInt(10_000, 60_000);
    own = OwnNode.withContainers().start();
    shared = Files.createDirectories(own.home().resolve("shared"));
    Files.writeString(shared.resolve("word"), "w" + number);
    Command.succeed(List.of("mount", "--bind", shared.toString(), shared.toString()));
    Command.succeed(List.of("mount", "--make-shared", shared.toString()));
    Path profiles = Files.createDirectories(own.process().data().resolve("seccomp/of"));
    Files.writeString(profiles.resolve(number + ".json"), FORBIDS_DIRECTORIES);
    rows = new FieldRows(number, shared, "of/" + number + ".json");
  }

  @AfterAll
  static void end() throws Exception {
    if (shared != null) {
      Command.succeed(List.of("umount", "-l", shared.toString()));
    }
    if (own != null) {
      own.close();
    }
  }

  @Test
  void eachFieldTakesEffect() throws Exception {
    List<FieldRow> all = rows.all();
    assertTrue(all.size() >= LEAST, () -> all.size() + " rows");
    Map<String, FieldRow.Pod> wanted = new LinkedHashMap<>();
    Map<String, FieldRow> of = new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i++) {
      wanted.put("with-" + i, all.get(i).with());
      wanted.put("without-" + i, all.get(i).without());
      of.put("with-" + i, all.get(i));
      of.put("without-" + i, all.get(i));
    }
    Map<String, String> seen = new LinkedHashMap<>();
    List<String> names = List.copyOf(wanted.keySet());
    // in lots, so that the node has room for them
    for (int from = 0; from < names.size(); from += 20) {
      List<String> lot = names.subList(from, Math.min(names.size(), from + 20));
      for (String name : lot) {
        own.process().manifest(name + ".yaml", wanted.get(name).manifest(name, of.get(name).seen().command()));
      }
      for (String name : lot) {
        seen.put(name, observe(name, of.get(name)));
        own.process().withdraw(name + ".yaml");
      }
    }
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      String with = seen.get("with-" + i);
      String without = seen.get("without-" + i);
      FieldRow row = all.get(i);
      System.out.printf("| %-52s | %-28s | %-28s |%n", row.field(), shown(with), shown(without));
      if (!with.matches(row.expected())) {
        wrong.add(row.field() + ": with it '" + with + "' is seen, not " + row.expected());
      } else if (with.equals(without)) {
        wrong.add(row.field() + ": with it and without it the same is seen: " + with);
      }
    }
    assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
  }

  /** Whoever adds a field to the protocol adds its row. */
  @Test
  void noFieldIsForgotten() throws Exception {
    Set<String> known = new TreeSet<>(FieldRows.ELSEWHERE.keySet());
    for (FieldRow row : rows.all()) {
      String message = row.field().contains(".") ? row.field().substring(0, row.field().indexOf('.') + 1) : "";
      for (String field : row.field().substring(message.length()).split("[,:] ")) {
        known.add(message + field.split(" ")[0]);
      }
    }
    Set<String> forgotten = Stream.of(PodSandboxConfig.getDescriptor(), DNSConfig.getDescriptor(),
            PortMapping.getDescriptor(), LinuxPodSandboxConfig.getDescriptor(),
            LinuxSandboxSecurityContext.getDescriptor(), NamespaceOption.getDescriptor(),
            ContainerConfig.getDescriptor(), Mount.getDescriptor(), LinuxContainerResources.getDescriptor(),
            LinuxContainerSecurityContext.getDescriptor(), Capability.getDescriptor())
        .flatMap(message -> message.getFields().stream()
            .map(field -> message.getName() + "." + field.getName()))
        .filter(field -> !known.contains(field)).collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), forgotten);
  }

  /** Each field of CRI is set and has its row, or is told here with the reason why it is not. */
  @Test
  void whatIsNotSetHasAReason() {
    System.out.println("not set, because:");
    UnsetField.ALL.forEach(
        field -> System.out.printf("| %s.%s | %s |%n", field.message().getName(), field.name(), field.why()));
    System.out.println(UnsetField.count() + " fields, " + UnsetField.ALL.size() + " of them not set");
    assertEquals(List.of(), UnsetField.wrong());
  }

  @Test
  void aDebuggerSeesTheProcessesOfItsTarget() throws Exception {
    own.process().manifest("seen.yaml", FieldRow.Pod.PLAIN.manifest("seen", "exec sleep 100000"));
    own.shell().await("it runs", "seen", LIMIT, pod -> pod.phase().equals("Running"));
    for (String target : List.of("", "--target main ")) {
      String name = target.isEmpty() ? "without" : "with";
      String answer = own.shell().ask("pod:debug --image " + Containerd.BUSYBOX_IMAGE + " --name " + name + " "
          + target + "seen -- cat /proc/1/stat");
      assertTrue(answer.contains("was added"), answer);
    }
    for (String name : List.of("without", "with")) {
      Eventually.until(name + " target: it has looked", LIMIT,
          () -> PodLog.lines(own.process().data(), "seen", name).size() == 1);
    }
    String with = PodLog.lines(own.process().data(), "seen", "with").getFirst().text();
    String without = PodLog.lines(own.process().data(), "seen", "without").getFirst().text();
    System.out.printf("| %-52s | %-28s | %-28s |%n", "NamespaceOption.target_id, pid TARGET", shown(with),
        shown(without));
    assertTrue(with.contains("(sleep)"), with);
    assertTrue(without.contains("(cat)"), without);
    own.process().withdraw("seen.yaml");
  }

  private static String observe(String name, FieldRow row) throws Exception {
    if (row.seen().inside()) {
      own.shell().await(name + " has ended", name, LIMIT,
          pod -> pod.phase().equals("Succeeded") || pod.phase().equals("Failed"));
      if (name.startsWith("with-")) {
        // the runtime may write the last line after it has told the end
        Eventually.until(name + " says " + row.expected(), LIMIT, () -> {
          String said = said(name);
          if (!said.matches(row.expected())) {
            throw new IllegalStateException(row.field() + ": it says " + said);
          }
          return true;
        });
      }
      return said(name);
    }
    own.shell().await(name + " runs", name, LIMIT, pod -> pod.phase().equals("Running"));
    return row.seen().outside().look(new RunningPod(name, own.containerd().client()));
  }

  private static String said(String name) throws IOException {
    return PodLog.lines(own.process().data(), name, "main").stream().map(PodLog.Line::text).map(String::strip)
        .collect(Collectors.joining("\n"));
  }

  private static String shown(String seen) {
    String line = seen.replace("\n", " ").replaceAll("\\s+", " ");
    return line.length() > 28 ? line.substring(0, 27) + "…" : line;
  }

  @Test
  void whoMustNotBeRootIsNotStarted() throws Exception {
    own.process().manifest("root.yaml",
        FieldRow.Pod.container("securityContext: {runAsNonRoot: true}").manifest("root", "id"));
    own.shell().await("it waits", "root", LIMIT, pod -> pod.text().contains("image will run as root"));
    own.process().manifest("somebody.yaml", FieldRow.Pod
        .container("securityContext: {runAsNonRoot: true, runAsUser: 7}").manifest("somebody", "id -u"));
    own.shell().await("it runs", "somebody", LIMIT, pod -> pod.phase().equals("Succeeded"));
    Eventually.until("its log is whole", LIMIT, () -> said("somebody").equals("7"));
    assertEquals(List.of(), PodLog.lines(own.process().data(), "root", "main"), "it ran");
    own.process().withdraw("root.yaml");
    own.process().withdraw("somebody.yaml");
  }
}
