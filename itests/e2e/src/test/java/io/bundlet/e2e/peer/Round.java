package io.bundlet.e2e.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** All manifests run by one kubelet: one is put after another, and each stays for its time. */
final class Round {
  /** What was seen of one pod. */
  record Seen(History history, Map<String, String> said, long putMillis) {}

  /** So that the machine does not start all at once. */
  private static final long SPACING_MILLIS = 800;
  private static final long LOOK_MILLIS = 50;
  private static final Duration REMOVAL_LIMIT = Duration.ofSeconds(90);

  /** For how long a pod may get nowhere before its time begins to run. */
  private static final long START_MILLIS = 20_000;

  private final Kubelet kubelet;
  private final Path said;

  /** @param said the directory for what containers write */
  Round(Kubelet kubelet, Path said) {
    this.kubelet = kubelet;
    this.said = said;
  }

  /** Runs them. @param gone whether nothing of any pod runs any more */
  Map<String, Seen> run(List<PeerManifest> manifests, BooleanSupplier gone) throws IOException, InterruptedException {
    Map<String, Long> put = new LinkedHashMap<>();
    Map<String, Long> withdrawn = new LinkedHashMap<>();
    Map<String, Long> due = new LinkedHashMap<>();
    long turn = System.currentTimeMillis();
    for (PeerManifest manifest : manifests) {
      due.put(manifest.name(), turn + manifest.after().toMillis());
      turn += SPACING_MILLIS;
    }
    while (withdrawn.size() < manifests.size()) {
      kubelet.look();
      long now = System.currentTimeMillis();
      for (PeerManifest manifest : manifests) {
        String name = manifest.name();
        if (!put.containsKey(name) && due.get(name) <= now) {
          put.put(name, System.currentTimeMillis());
          kubelet.put(name, manifest.yaml(Files.createDirectories(said.resolve(name))));
        } else if (put.containsKey(name) && !withdrawn.containsKey(name)
            && began(name, put.get(name)) + manifest.watch().toMillis() <= now) {
          withdrawn.put(name, now);
          kubelet.withdraw(name);
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
    }
    long limit = System.currentTimeMillis() + REMOVAL_LIMIT.toMillis();
    lookUntil(limit, gone);
    if (!gone.getAsBoolean()) {
      throw new AssertionError(kubelet.name() + " has not removed all pods within " + REMOVAL_LIMIT);
    }
    Map<String, Seen> seen = new TreeMap<>();
    for (PeerManifest manifest : manifests) {
      String name = manifest.name();
      History history = kubelet.histories().getOrDefault(name, new History()).until(withdrawn.get(name));
      seen.put(name, new Seen(history, said(name), put.get(name)));
    }
    return seen;
  }

  /** When the pod's time began to run: something of it has happened, so that a busy machine takes nothing of it. */
  private long began(String name, long put) {
    History history = kubelet.histories().get(name);
    return Math.min(history == null ? Long.MAX_VALUE : history.begin(), put + START_MILLIS);
  }

  private void lookUntil(long millis, BooleanSupplier enough) throws IOException, InterruptedException {
    while (System.currentTimeMillis() < millis && !enough.getAsBoolean()) {
      kubelet.look();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
    }
  }

  private Map<String, String> said(String pod) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(said.resolve(pod))) {
      all.filter(Files::isRegularFile).forEach(file -> {
        try {
          files.put("said " + said.resolve(pod).relativize(file), Projection.normal(pod, Files.readString(file)));
        } catch (IOException failed) {
          throw new UncheckedIOException(failed);
        }
      });
    }
    return files;
  }
}
