package io.bundlet.e2e.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.cri.protocol.ContainerStatusRequest;
import io.bundlet.cri.protocol.Image;
import io.bundlet.cri.protocol.ListImagesRequest;
import io.bundlet.e2e.containers.FieldRow.Pod;
import io.bundlet.e2e.outside.OwnNode;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.testkit.containerd.Containerd;
import io.bundlet.testkit.containerd.RawPods;
import io.bundlet.testkit.containerd.Registry;
import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Images of registries of the test's own, one that gives everybody everything and one that asks for passwords. What the
 * node asked for stands in their logs. The node removes at once what nobody uses: whatever is there, somebody uses it.
 */
@Tag("containerd")
@Timeout(900)
class ImagesTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final String TEAM = secret();
  private static final String OTHER = secret();
  private static final String WRONG = secret();

  private static OwnNode own;
  private static Registry plain;
  private static Registry guarded;

  @BeforeAll
  static void begin() throws Exception {
    assumeTrue(Registry.available(), "needs Debian's docker-registry");
    own = OwnNode.withContainers();
    Path images = own.home().resolve("images");
    plain = Registry.plain(own.home().resolve("plain"), images);
    guarded = Registry.guarded(own.home().resolve("guarded"), images, Map.of("team", TEAM, "other", OTHER));
    own.containerd().trust(plain);
    own.containerd().trust(guarded);
    Files.writeString(own.home().resolve("config.json"), json(guarded.host() + "/node", "team", TEAM));
    own.start(
        "--set", "io.bundlet.core:image.credentials.file=" + own.home().resolve("config.json"),
        "--set", "io.bundlet.core:image.gc.interval.seconds=1",
        "--set", "io.bundlet.core:image.gc.min.age.seconds=0",
        "--set", "io.bundlet.core:image.gc.high.percent=1",
        "--set", "io.bundlet.core:image.gc.low.percent=0");
  }

  @AfterAll
  static void end() throws Exception {
    for (AutoCloseable each : Stream.of(guarded, plain, own).filter(one -> one != null).toList()) {
      each.close();
    }
  }

  private static String secret() {
    byte[] bytes = new byte[12];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String json(String registry, String user, String password) {
    return "{\"auths\": {\"" + registry + "\": {\"auth\": \"" + base64(user + ":" + password) + "\"}}}";
  }

  private static String secret(String name, String json) {
    return "---\napiVersion: v1\nkind: Secret\nmetadata: {name: " + name + "}\ntype: kubernetes.io/dockerconfigjson\n"
        + "data: {.dockerconfigjson: " + base64(json) + "}\n";
  }

  private static void want(String name, Pod pod, String... secrets) throws IOException {
    own.process().manifest(name + ".yaml", pod.manifest(name, "exec sleep 1000") + String.join("", secrets));
  }

  private static PodInfo runs(String name) throws IOException {
    return own.shell().await(name + " runs", name, LIMIT, pod -> pod.phase().equals("Running"));
  }

  private static PodInfo waits(String name, String word) throws IOException {
    return own.shell().await(name + " waits", name, LIMIT, pod -> pod.messages().contains(word));
  }

  private static void withdraw(String... names) throws IOException {
    for (String name : names) {
      own.process().withdraw(name + ".yaml");
    }
  }

  private static Set<String> tags() {
    Set<String> tags = new TreeSet<>();
    for (Image image : own.containerd().client().images().listImages(ListImagesRequest.getDefaultInstance())
        .getImagesList()) {
      tags.addAll(image.getRepoTagsList());
    }
    return tags;
  }

  private static Pod image(String image) {
    return Pod.PLAIN.of(image);
  }

  private static Pod policy(String policy, String image) {
    return Pod.container("imagePullPolicy: " + policy).of(image);
  }

  @Test
  void thePolicySaysWhenTheRegistryIsAsked() throws Exception {
    String web = plain.push("policy/web", "1");
    want("first", image(web));
    PodInfo first = runs("first");
    assertEquals(1, plain.asked("policy/web", "1", 200));
    assertTrue(first.text().matches(
        "(?s).*Successfully pulled image \"" + web + "\" in \\d+\\.\\d{3} s, \\d+\\.\\d{3} s with .* \\d+ bytes.*"),
        first::text);
    want("present", policy("IfNotPresent", web));
    runs("present");
    want("never", policy("Never", web));
    runs("never");
    assertEquals(1, plain.asked("policy/web", "1", 200));
    want("always", policy("Always", web));
    runs("always");
    assertEquals(2, plain.asked("policy/web", "1", 200));
    String absent = plain.push("policy/absent", "1");
    want("absent", policy("Never", absent));
    waits("absent", "ErrImageNeverPull");
    assertEquals(0, plain.asked("policy/absent", "1", 200));
    withdraw("first", "present", "never", "always", "absent");
  }

  @Test
  void thePodsSecretIsUsed() throws Exception {
    plain.push("own/web", "1");
    String web = guarded.host() + "/own/web:1";
    want("mine", Pod.spec("imagePullSecrets: [{name: mine}]").of(web),
        secret("mine", json(guarded.host().replace("0.1:", "0.*:"), "other", OTHER)));
    runs("mine");
    assertEquals(1, guarded.asked("own/web", "1", 200));
    RunningPod pod = new RunningPod("mine", own.containerd().client());
    assertEquals(
        guarded.host() + "/own/web@sha256", own.containerd().client().runtime()
            .containerStatus(ContainerStatusRequest.newBuilder().setContainerId(pod.container().getId()).build())
            .getStatus().getImageRef().replaceFirst(":[0-9a-f]{64}$", ""));
    withdraw("mine");
  }

  @Test
  void withAWrongSecretTheReasonIsTold() throws Exception {
    plain.push("wrong/web", "1");
    String web = guarded.host() + "/wrong/web:1";
    want("wrong", Pod.spec("imagePullSecrets: [{name: wrong}]").of(web),
        secret("wrong", json("https://" + guarded.host() + "/v1/", "team", WRONG)));
    PodInfo wrong = waits("wrong", "ErrImagePull");
    assertTrue(wrong.messages().contains("401"), wrong::text);
    assertEquals(0, guarded.asked("wrong/web", "1", 200));
    want("without", image(web));
    assertTrue(waits("without", "ErrImagePull").messages().contains("401"), wrong::text);
    want("missing", Pod.spec("imagePullSecrets: [{name: nowhere}]").of(web));
    assertTrue(waits("missing", "ErrImagePull").text().contains("FailedToRetrieveImagePullSecret"));
    assertEquals(0, guarded.asked("wrong/web", "1", 200));
    withdraw("wrong", "without", "missing");
    nothingOfIt();
  }

  /** The one that fits the repository, and the one that fits the whole registry: it is asked with the former alone. */
  @Test
  void theLongerOfTwoThatFitCounts() throws Exception {
    plain.push("long/team/web", "1");
    want("longest", Pod.spec("imagePullSecrets: [{name: all}, {name: ours}]")
            .of(guarded.host() + "/long/team/web:1"),
        secret("all", json(guarded.host(), "team", WRONG)),
        secret("ours", json(guarded.host() + "/long/team", "team", TEAM)));
    runs("longest");
    // registries want to be asked without a name first
    assertEquals(1, guarded.asked("long/team/web", "1", 401));
    assertEquals(1, guarded.asked("long/team/web", "1", 200));
    plain.push("long/other/web", "1");
    want("shorter", Pod.spec("imagePullSecrets: [{name: some}, {name: theirs}]")
            .of(guarded.host() + "/long/other/web:1"),
        secret("some", json(guarded.host(), "team", TEAM)),
        secret("theirs", json(guarded.host() + "/long/other", "team", WRONG)));
    runs("shorter");
    assertTrue(guarded.asked("long/other/web", "1", 401) > 1, "the wrong one was not tried");
    withdraw("longest", "shorter");
  }

  @Test
  void theNodesOwnFileIsUsedAndReadAgain() throws Exception {
    plain.push("node/web", "1");
    want("node", image(guarded.host() + "/node/web:1"));
    runs("node");
    assertEquals(1, guarded.asked("node/web", "1", 200));
    plain.push("later/web", "1");
    want("before", image(guarded.host() + "/later/web:1"));
    waits("before", "ErrImagePull");
    Path half = Files.writeString(own.home().resolve("half.json"), json(guarded.host() + "/later", "other", OTHER));
    Files.move(half, own.home().resolve("config.json"), StandardCopyOption.ATOMIC_MOVE);
    // another pod, which has no back-off
    want("after", image(guarded.host() + "/later/web:1"));
    runs("after");
    withdraw("node", "before", "after");
    nothingOfIt();
  }

  @Test
  void onlyWhatNobodyUsesGoes() throws Exception {
    RawPods raw = new RawPods(own.containerd().client(), own.home().resolve("raw"), true);
    String theirs = plain.push("gc/theirs", "1");
    String ours = plain.push("gc/ours", "1");
    want("ours", image(ours));
    want("theirs", image(theirs));
    runs("ours");
    runs("theirs");
    // somebody else's container, which the node does not know
    RawPods.Started foreign = raw.run(theirs, List.of("/bin/sleep", "1000"));
    withdraw("theirs");
    Eventually.until("it is gone", LIMIT, () -> !own.shell().pod("theirs").exists());
    String unused = plain.push("gc/unused", "1");
    want("unused", image(unused));
    runs("unused");
    assertTrue(tags().contains(unused));
    withdraw("unused");
    Eventually.until("what nobody uses is gone: " + tags(), LIMIT,
        () -> !tags().contains(unused) && !tags().contains(Containerd.NAMED_USER_IMAGE));
    Set<String> left = tags();
    assertTrue(left.containsAll(Set.of(ours, theirs, "bundlet.test/pause:1")), left::toString);
    assertFalse(left.contains(Containerd.NAMED_USER_IMAGE), left::toString);
    raw.remove(foreign);
    Eventually.until("so is what they had: " + tags(), LIMIT, () -> !tags().contains(theirs));
    assertTrue(tags().contains(ours));
    assertEquals("Running", own.shell().pod("ours").phase());
    withdraw("ours");
  }

  private static String read(Path file) throws IOException {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException replaced) {
      return "";
    }
  }

  /** No password stands in anything that the node has written or says. */
  private static void nothingOfIt() throws IOException {
    List<String> secrets = Stream.of(TEAM, OTHER, WRONG).flatMap(each -> Stream.of(
        each, base64("team:" + each), base64("other:" + each))).toList();
    for (String directory : List.of("state", "log")) {
      // while they are listed some are replaced
      List<Path> files = Eventually.value("the files of " + directory, LIMIT, () -> {
        try (Stream<Path> all = Files.walk(own.process().data().resolve(directory))) {
          return Optional.of(all.filter(Files::isRegularFile).toList());
        }
      });
      for (Path file : files) {
        String text = read(file);
        secrets.forEach(each -> assertFalse(text.contains(each), () -> "a password stands in " + file));
      }
    }
    String output = Files.readString(own.process().data().resolveSibling("node.log"));
    String shown = own.shell().ask("node:info") + own.shell().ask("pod:list");
    secrets.forEach(each -> assertFalse((output + shown).contains(each)));
  }
}
