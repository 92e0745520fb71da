package io.bundlet.core.reach;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Finds the address of a host. An address as text needs nobody. A name is looked up on a platform thread of its own,
 * because the system's resolver cannot be interrupted and would keep one of the few carriers of virtual threads; no
 * more than eight such threads may hang at a time.
 */
final class Addresses {
  private static final Semaphore LOOK_UPS = new Semaphore(8);

  private Addresses() {}

  static InetAddress of(String host) throws IOException {
    if (literal(host)) {
      return InetAddress.getByName(host);
    }
    if (!LOOK_UPS.tryAcquire()) {
      throw new IOException("the name " + host + " cannot be looked up: too many look-ups hang");
    }
    CompletableFuture<InetAddress> found = new CompletableFuture<>();
    Thread.ofPlatform().daemon().name("bundlet-look-up").start(() -> lookUp(host, found));
    try {
      return found.get();
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the look-up of " + host + " was cancelled");
    } catch (ExecutionException failed) {
      throw new IOException("no such host: " + host, failed.getCause());
    }
  }

  private static void lookUp(String host, CompletableFuture<InetAddress> found) {
    try {
      found.complete(InetAddress.getByName(host));
    } catch (UnknownHostException | RuntimeException failed) {
      found.completeExceptionally(failed);
    } finally {
      LOOK_UPS.release();
    }
  }

  /** Whether the JDK reads this without asking anybody: it holds a colon, or nothing but digits and dots. */
  private static boolean literal(String host) {
    return host.contains(":") || host.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
  }
}
