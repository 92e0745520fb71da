package io.bundlet.core.log;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.ChildCall;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.provider.ProviderRegistry;
import io.bundlet.core.time.NodeTime;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps logs small and few, in a thread of its own. Files that have become too large are rotated away, the older ones
 * compressed and at last removed; of each container the logs of two instances are kept, the present one and the one
 * before it. What cannot be done is told, left as it was, and tried again with the next look.
 */
public final class LogRotation extends Inbox {
  private static final Logger LOG = LoggerFactory.getLogger(LogRotation.class);
  private static final Duration REOPEN_LIMIT = Duration.ofSeconds(30);
  private static final int INSTANCES = 2;

  private final Path logs;
  private final NodeTime time;
  private final ProviderRegistry providers;
  private final Supplier<List<PodView>> pods;
  private final Supplier<LogSettings> settings;
  private final Consumer<Optional<String>> trouble;
  private Thread thread;
  private boolean ended;
  private String told = "";

  /**
   * The rotation of a node's logs, not begun.
   *
   * @param logs the directory of all pods' logs
   * @param pods all pods as they are now; returns at once
   * @param settings of now; may change at any time
   * @param trouble hears what is wrong with the logs, for people, and, empty, when it is over
   */
  public LogRotation(
      Path logs,
      NodeTime time,
      ProviderRegistry providers,
      Supplier<List<PodView>> pods,
      Supplier<LogSettings> settings,
      Consumer<Optional<String>> trouble) {
    super(time);
    this.logs = logs;
    this.time = time;
    this.providers = providers;
    this.pods = pods;
    this.settings = settings;
    this.trouble = trouble;
  }

  /** Starts the thread. */
  public void begin() {
    thread = Thread.ofPlatform().name("bundlet-logs").daemon().start(this::run);
  }

  /** Ends the thread; a call into a runtime is left to itself. Waits 5 s at most. */
  public void end() throws InterruptedException {
    post(() -> ended = true);
    if (thread != null) {
      thread.interrupt();
      thread.join(5_000);
    }
  }

  private void run() {
    try {
      while (!await(() -> ended, time.after(settings.get().interval()))) {
        look();
      }
    } catch (InterruptedException end) {
      LOG.debug("the rotation of logs ends");
    }
  }

  /** Looks at all logs once. */
  void look() throws InterruptedException {
    String failure = "";
    for (PodView pod : pods.get()) {
      for (ContainerView container : LogFiles.containers(pod)) {
        try {
          look(pod, container);
        } catch (IOException | ProviderFailure | RuntimeException failed) {
          String who = pod.namespace() + "/" + pod.name() + "/" + container.name();
          LOG.debug("{}: its log", who, failed);
          failure = "the log of " + who + " is not rotated, which is tried again: " + words(failed);
        }
      }
    }
    if (!failure.equals(told)) {
      told = failure;
      if (!failure.isEmpty()) {
        LOG.warn("{}", failure);
      }
      trouble.accept(Optional.of(failure).filter(text -> !text.isEmpty()));
    }
  }

  private void look(PodView pod, ContainerView container)
      throws IOException, ProviderFailure, InterruptedException {
    LogFiles files = LogFiles.of(logs, pod, container.name());
    OptionalInt attempt = LogFiles.attempt(container.logFile());
    boolean runs = container.exit().isEmpty() && container.startedAt().isPresent();
    if (attempt.isPresent() && runs) {
      new RotatingLog(files, attempt.getAsInt(), () -> reopen(pod, container)).look(settings.get(), time.now());
    } else if (attempt.isPresent()) {
      // Nobody writes: only what a rotation has left half way is put in order.
      new RotatingLog(files, attempt.getAsInt(), () -> {})
          .look(new LogSettings(Long.MAX_VALUE, settings.get().maxFiles(), Duration.ofSeconds(1)), time.now());
    }
    removeOld(files);
  }

  private static void removeOld(LogFiles files) throws IOException {
    List<Integer> attempts = files.attempts();
    if (attempts.size() > INSTANCES) {
      int oldest = attempts.get(attempts.size() - INSTANCES);
      for (LogFiles.File file : files.all()) {
        if (file.attempt() < oldest) {
          Files.deleteIfExists(file.path());
        }
      }
    }
  }

  private void reopen(PodView pod, ContainerView container) throws ProviderFailure, InterruptedException {
    String id = container.id().substring(container.id().indexOf("://") + "://".length());
    ChildCall<Boolean> call = providers.here(pod.provider()).call(
        "reopen-log",
        provider -> {
          provider.reopenLog(new ContainerId(id));
          return true;
        },
        this::nudge);
    if (!await(() -> call.done() || ended, time.after(REOPEN_LIMIT)) || !call.done()) {
      call.cancel();
      throw ProviderFailure.outcomeUnknown(
          ProviderFailure.DEADLINE,
          "the runtime did not open it again within " + REOPEN_LIMIT.toSeconds() + " s", null);
    }
    call.result();
  }

  private static String words(Exception failed) {
    String message = Objects.requireNonNullElse(failed.getMessage(), "");
    if (failed instanceof FileSystemException file) {
      return file.getFile() + ": " + Objects.requireNonNullElse(file.getReason(), failed.getClass().getSimpleName());
    }
    return message.isEmpty() ? failed.toString() : message;
  }
}
