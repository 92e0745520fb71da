package io.bundlet.e2e.wasi;

import io.bundlet.e2e.outside.Manifests;
import io.bundlet.e2e.outside.OwnNode;
import io.bundlet.e2e.outside.PodInfo;
import io.bundlet.testkit.node.Distribution;
import io.bundlet.testkit.node.Eventually;
import io.bundlet.testkit.node.PodLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A pod with one of the probes. What a probe prints begins with a token that is made for this run.
 *
 * @param pod the pod's name
 * @param token the token
 */
record GuestRun(OwnNode node, String pod, String token) {
  /** Patience with whatever a pod does. */
  static final Duration LIMIT = Duration.ofSeconds(120);

  /** For a pod that asks for no engine. */
  static final String ANY = "";

  /** What nobody can know before. */
  static String freshToken() {
    byte[] bytes = new byte[12];
    ThreadLocalRandom.current().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * Starts one, on an engine or {@link #ANY}. Its arguments after the token are given; it has the three mounts of
   * {@code host}.
   */
  static GuestRun start(OwnNode node, String pod, String guest, String engine, HostSide host, String... arguments)
      throws IOException {
    List<String> words = new ArrayList<>(List.of(host.token()));
    words.addAll(List.of(arguments));
    int size = words.stream().mapToInt(each -> each.getBytes(StandardCharsets.UTF_8).length + 1).sum();
    Manifests manifest = Manifests.wasi(pod, Distribution.guest(guest));
    if (!engine.equals(ANY)) {
      manifest.engine(engine);
    }
    node.process().manifest(pod + ".yaml", manifest
        .restart("Never")
        .grace(1)
        .args(words.toArray(String[]::new))
        .env("TOKEN", host.token())
        .env("NOW", "" + Instant.now().getEpochSecond())
        .env("ARGUMENTS", "" + (words.size() + 1))
        .env("ARGUMENTS_SIZE", "" + (size + guest.length() + ".wasm".length() + 1))
        .env("CANARY", host.canary().toString())
        .env("BAD", engine.equals("wasmtime") ? "trap" : "errno")
        .env("SECONDS", "" + HostileGuestsTest.RACE_SECONDS)
        .mount("/rw", host.writable())
        .mount("/rw2", host.alsoWritable())
        .mountReadOnly("/ro", host.readOnly())
        .yaml());
    return new GuestRun(node, pod, host.token());
  }

  /** Waits until it has ended. */
  PodInfo end() throws IOException {
    return node.shell().await(
        pod + " ends", pod, LIMIT.plusSeconds(HostileGuestsTest.RACE_SECONDS),
        seen -> List.of("Succeeded", "Failed").contains(seen.phase()));
  }

  /** Its lines that begin with its token, without that. */
  List<String> lines() throws IOException {
    return PodLog.lines(node.process().data(), pod, "main").stream().map(PodLog.Line::text)
        .filter(line -> line.startsWith(token + " ")).map(line -> line.substring(token.length() + 1)).toList();
  }

  /** All that it has printed. */
  String log() throws IOException {
    StringBuilder all = new StringBuilder();
    PodLog.lines(node.process().data(), pod, "main").forEach(line -> all.append(line.text()).append('\n'));
    return all.toString();
  }

  /** Takes it away. @return how many milliseconds later it was gone */
  long remove() throws IOException {
    long from = System.nanoTime();
    node.process().withdraw(pod + ".yaml");
    Eventually.until(pod + " is gone", LIMIT, () -> !node.shell().pod(pod).exists());
    return (System.nanoTime() - from) / 1_000_000;
  }
}
