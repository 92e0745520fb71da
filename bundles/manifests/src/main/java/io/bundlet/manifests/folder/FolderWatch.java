package io.bundlet.manifests.folder;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of changes in directories and says when to look. A file that is renamed or linked into a directory is complete,
 * so that is told after two milliseconds; a file that is written in place is told of when nobody wrote for 100 ms.
 * Where the system cannot watch (its limit of watches is used up), one look a second is all there is.
 */
public final class FolderWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);
  private static final long QUIET_MILLIS = 2;
  private static final long QUIET_AFTER_WRITE_MILLIS = 100;
  /** A file that is written to without end is looked at all the same. */
  private static final long MOST_MILLIS = 1000;

  private final WatchService service;
  private final Map<Path, WatchKey> keys = new HashMap<>();
  private volatile Set<Path> named = Set.of();
  private boolean changed;
  private boolean written;
  private boolean woken;
  private long lastEvent;

  /** Starts to listen, to no directory yet. Blocks for a moment: it opens the system's watch. */
  public FolderWatch() {
    WatchService opened = null;
    try {
      opened = FileSystems.getDefault().newWatchService();
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn("Directories of manifests cannot be watched ({}); they are looked at once a second.", e.getMessage());
    }
    service = opened;
    if (service != null) {
      Thread.ofVirtual().name("manifests-watch").start(this::listen);
    }
  }

  /**
   * Watches these directories and no others.
   *
   * @param files files that matter whatever their names are
   */
  public void watch(Set<Path> directories, Set<Path> files) {
    named = files;
    if (service == null) {
      return;
    }
    keys.entrySet().removeIf(entry -> {
      boolean drop = !directories.contains(entry.getKey()) || !entry.getValue().isValid();
      if (drop) {
        entry.getValue().cancel();
      }
      return drop;
    });
    for (Path directory : directories) {
      if (!keys.containsKey(directory)) {
        register(directory);
      }
    }
  }

  private void register(Path directory) {
    try {
      keys.put(directory, directory.register(service, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY));
      // what came before the watch is seen by the look that the caller's change asks for
      noticed(false);
    } catch (IOException | ClosedWatchServiceException e) {
      LOG.debug("Not watching {}: {}", directory, e.toString());
    }
  }

  private void listen() {
    try {
      while (true) {
        WatchKey key = service.take();
        for (WatchEvent<?> event : key.pollEvents()) {
          if (event.kind() == OVERFLOW) {
            noticed(true);
          } else if (matters((Path) key.watchable(), (Path) event.context())) {
            noticed(event.kind() == ENTRY_MODIFY);
          }
        }
        key.reset();
      }
    } catch (ClosedWatchServiceException | InterruptedException e) {
      LOG.debug("Stopped watching manifests.");
    }
  }

  /** Whether changes are told at all; else somebody has to look for them. */
  public boolean hears() {
    return service != null;
  }

  /** A file that is being prepared under another name must not delay those that are ready. */
  private boolean matters(Path directory, Path name) {
    return ManifestPaths.isManifest(name) || named.contains(directory.resolve(name));
  }

  private synchronized void noticed(boolean write) {
    changed = true;
    written |= write;
    lastEvent = System.nanoTime();
    notifyAll();
  }

  /** Ends a wait at once. */
  public synchronized void wake() {
    woken = true;
    notifyAll();
  }

  /**
   * Waits for a reason to look, or for the time to pass.
   *
   * @return true: something changed and writers have finished, as far as can be known; false: the time passed or
   *     somebody
   *     called {@link #wake}
   */
  public synchronized boolean await(long millis) throws InterruptedException {
    long start = System.nanoTime();
    while (!changed && !woken) {
      long left = millis - elapsed(start);
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    if (woken) {
      woken = false;
      return false;
    }
    long first = System.nanoTime();
    while (!woken) {
      long quiet = (written ? QUIET_AFTER_WRITE_MILLIS : QUIET_MILLIS) - elapsed(lastEvent);
      if (quiet <= 0 || elapsed(first) > MOST_MILLIS) {
        break;
      }
      wait(quiet);
    }
    changed = false;
    written = false;
    return true;
  }

  private static long elapsed(long since) {
    return (System.nanoTime() - since) / 1_000_000;
  }

  @Override
  public void close() {
    if (service != null) {
      try {
        service.close();
      } catch (IOException e) {
        LOG.warn("The watch of the manifests could not be closed: {}", e.toString());
      }
    }
  }
}
