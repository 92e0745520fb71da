package io.bundlet.e2e.faults;

import io.bundlet.cri.protocol.ListImagesRequest;
import io.bundlet.testkit.containerd.CriClient;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.LockSupport;

/** Looks again and again, past the node, whether images that somebody uses are there. */
final class ImageWatch implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final CriClient runtime;
  private final List<String> used;
  private final Set<String> missed = new ConcurrentSkipListSet<>();
  private final Thread thread;
  private volatile boolean ended;

  /** @param used their names; all of them are there now */
  ImageWatch(CriClient runtime, List<String> used) {
    this.runtime = runtime;
    this.used = List.copyOf(used);
    this.thread = Thread.ofVirtual().name("image-watch").start(this::run);
  }

  /** Names of all images that there are. */
  static Set<String> names(CriClient runtime) {
    Set<String> names = new TreeSet<>();
    runtime.images().listImages(ListImagesRequest.getDefaultInstance()).getImagesList()
        .forEach(image -> names.addAll(image.getRepoTagsList()));
    return names;
  }

  /** Those that were not there once. */
  Set<String> missed() {
    return missed;
  }

  private void run() {
    while (!ended) {
      Set<String> there = names(runtime);
      used.stream().filter(name -> !there.contains(name)).forEach(missed::add);
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
  }
}
