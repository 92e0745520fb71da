package io.bundlet.apiserver.watch;

import static io.bundlet.apiserver.call.Trees.text;

import io.bundlet.apiserver.call.Backoff;
import io.bundlet.apiserver.call.Lines;
import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.call.ServerFailure;
import io.bundlet.apiserver.call.Trees;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a sink told of what is in a collection, with a virtual thread of its own.
 *
 * <p>The list is read whole from the store of the server and not from what one of several servers has in memory: an
 * older list would end pods that are there. After that there are watches, each from where the one before ended, also
 * when it was cut. Only a server that has forgotten what came after (410) is asked for a list again. An answer that is
 * no list of the right kind is a failure like any other and changes nothing.
 */
public final class Reflector implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);

  private static final int PAGE = 500;
  private static final int MOST_PAGES = 200;
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);
  /** Servers send a bookmark a minute; a connection on which nothing comes for longer is taken for dead. */
  private static final Duration IDLE = Duration.ofSeconds(150);
  /** A watch that lived so long was none that the server refuses. */
  private static final Duration LIVED = Duration.ofSeconds(5);
  private static final int WATCH_SECONDS = 300;

  private final Requests requests;
  private final Collection collection;
  private final ReflectorSink sink;
  private final Backoff backoff;
  private final Thread thread;
  private String version = "";
  private boolean told;
  private volatile Lines open;
  private volatile boolean closed;
  private volatile boolean connected;

  /**
   * Starts at once.
   *
   * @param longestWait how long it waits at most between two tries
   */
  public Reflector(Requests requests, Collection collection, Duration longestWait, ReflectorSink sink) {
    this.requests = requests;
    this.collection = collection;
    this.sink = sink;
    backoff = new Backoff(FIRST_WAIT, longestWait);
    thread = Thread.ofVirtual().name("watch " + collection).start(this::run);
  }

  /** Whether what the sink was told is what is there, apart from what is on its way. */
  public boolean connected() {
    return connected;
  }

  private void run() {
    try {
      while (!closed) {
        tryOnce();
      }
    } catch (InterruptedException e) {
      // only close() interrupts
      connected = false;
    }
  }

  private void tryOnce() throws InterruptedException {
    Exception problem;
    long since = System.nanoTime();
    try {
      if (version.isEmpty()) {
        list();
      }
      if (closed) {
        return; // the sink has seen enough
      }
      since = System.nanoTime();
      watch();
      problem = new IOException("the server ends each watch at once");
    } catch (IOException e) {
      problem = e;
    } catch (RuntimeException e) {
      LOG.error("The watch of {} failed; it begins anew.", collection, e);
      version = "";
      problem = e;
    }
    connected = false;
    boolean lived = System.nanoTime() - since > LIVED.toNanos();
    if (lived) {
      backoff.reset();
    }
    if (problem instanceof ServerFailure refused && refused.code() == 410) {
      version = "";
    }
    if (!closed) {
      failed(problem, lived);
    }
  }

  private void failed(Exception problem, boolean lived) throws InterruptedException {
    Duration wait = backoff.next(problem);
    // one cut is nothing to tell of: the next try goes on where it was
    boolean cut = lived || !version.isEmpty() && backoff.failures() == 1;
    boolean quiet = cut || problem instanceof ServerFailure refused && refused.code() == 410;
    if (!quiet && backoff.failures() == 2) {
      LOG.warn("Changes of {} are not heard of now, and asked for again: {}", collection, problem.getMessage());
    }
    if (!quiet) {
      told = true;
      sink.trouble(problem);
    }
    Thread.sleep(wait);
  }

  private void list() throws IOException, InterruptedException {
    List<Map<String, Object>> all = new ArrayList<>();
    String next = "";
    for (int page = 0; page < MOST_PAGES; page++) {
      Map<String, Object> answer = requests.get(
          collection.query("limit=" + PAGE + (next.isEmpty() ? "" : "&continue=" + Requests.encoded(next))));
      if (!text(answer, "kind").equals(collection.kind() + "List") || !answer.containsKey("items")) {
        throw new IOException("the answer is no list of the kind " + collection.kind());
      }
      for (Object item : Trees.list(answer, "items")) {
        Map<String, Object> object = Trees.object(item);
        if (usable(object)) {
          all.add(object);
        }
      }
      next = text(answer, "metadata", "continue");
      if (next.isEmpty()) {
        String listed = text(answer, "metadata", "resourceVersion");
        if (listed.isEmpty()) {
          throw new IOException("the list says nothing of its version");
        }
        sink.replaced(all);
        version = listed;
        return;
      }
    }
    throw new IOException("there are more than " + MOST_PAGES * PAGE + " objects");
  }

  private void watch() throws IOException, InterruptedException {
    int seconds = WATCH_SECONDS + ThreadLocalRandom.current().nextInt(WATCH_SECONDS);
    try (Lines lines = requests.open(collection.query(
        "watch=true&allowWatchBookmarks=true&timeoutSeconds=" + seconds + "&resourceVersion="
            + Requests.encoded(version)))) {
      open = lines;
      if (closed) {
        return;
      }
      connected = !closed;
      if (told) {
        told = false;
        LOG.info("Changes of {} are heard of again.", collection);
      }
      sink.trouble(null);
      for (Map<String, Object> event = lines.next(IDLE); event != null; event = lines.next(IDLE)) {
        event(text(event, "type"), Trees.object(event, "object"));
      }
    } finally {
      open = null;
    }
  }

  private void event(String type, Map<String, Object> object) throws IOException {
    if (type.equals("ERROR")) {
      throw new ServerFailure(
          (int) Trees.number(object, 500, "code"), Duration.ZERO, "the watch ended: " + text(object, "message"));
    }
    String newest = text(object, "metadata", "resourceVersion");
    if (newest.isEmpty()) {
      throw new IOException("an event says nothing of its version");
    }
    if (!type.equals("BOOKMARK") && usable(object)) {
      switch (type) {
        case "ADDED", "MODIFIED" -> sink.changed(object);
        case "DELETED" -> sink.removed(object);
        default -> LOG.warn("A watch of {} has an event of the type \"{}\"; it is left out.", collection, type);
      }
    }
    version = newest;
  }

  private boolean usable(Map<String, Object> object) {
    Map<String, Object> metadata = Trees.object(object, "metadata");
    if (text(metadata, "name").isEmpty() || text(metadata, "uid").isEmpty()) {
      LOG.warn("An object of {} has no name or no uid; it is left out.", collection);
      return false;
    }
    metadata.remove("managedFields");
    return true;
  }

  /** Ends it and returns at once; a call to the sink that is under way goes on. */
  public void stop() {
    closed = true;
    connected = false;
    thread.interrupt();
    Lines lines = open;
    if (lines != null) {
      lines.close();
    }
  }

  /** Ends it, and waits at most two seconds for a call to the sink that is under way. */
  @Override
  public void close() {
    stop();
    if (Thread.currentThread() != thread) {
      try {
        thread.join(Duration.ofSeconds(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
