package io.bundlet.apiserver.client;

import io.bundlet.apiserver.kubeconfig.Access;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the server as it is now. When it changes, new requests take the new one, and what is under way over the
 * old one is cut off. Any thread.
 */
public final class Connections implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final int UNAUTHORIZED = 401;

  /** Without these a node would be taken for dead, however much else there is to say. */
  public static final List<String> OF_NODES = List.of("/apis/coordination.k8s.io/", "/api/v1/nodes/");

  private final Runnable refused;
  private final List<String> hurried;
  private CompletableFuture<Way> way = new CompletableFuture<>();
  private String missing = "it is not known yet how it is reached";
  private boolean closed;
  private volatile RequestRate rate;
  /** Of their own, so that neither keeps the other waiting. */
  private volatile RequestRate eventRate;
  /** When the server said anything last. */
  private volatile long answered = System.nanoTime();

  /**
   * Connections without a way.
   *
   * @param refused called when the server does not believe who we are; never blocks
   * @param hurried beginnings of paths whose requests do not wait for their turn
   */
  public Connections(Runnable refused, List<String> hurried) {
    this.refused = refused;
    this.hurried = List.copyOf(hurried);
    rate(50, 100);
  }

  /** Where to, as whom, and over what. */
  record Way(Access access, Transport transport) {}

  /** Sets the bounds; requests that are in a hurry are left out of them. */
  public void rate(double perSecond, int burst) {
    rate = new RequestRate(perSecond, burst);
    eventRate = new RequestRate(perSecond, burst);
  }

  /** Takes another way from now on. Connections are kept if they are as good for it. */
  public void use(Access access) throws GeneralSecurityException {
    Transport old = null;
    synchronized (this) {
      Way now = way.getNow(null);
      if (closed || now != null && now.access().equals(access)) {
        return;
      }
      if (now != null && access.sameConnections(now.access())) {
        replace(new Way(access, now.transport()));
      } else {
        old = now == null ? null : now.transport();
        replace(new Way(access, new Transport(access)));
      }
    }
    if (old != null) {
      old.close();
    }
  }

  private synchronized void replace(Way next) {
    if (way.isDone()) {
      way = CompletableFuture.completedFuture(next);
    } else {
      way.complete(next);
    }
  }

  /** Says why there is no way yet, for those who wait for one. */
  public synchronized void missing(String why) {
    missing = why;
  }

  /** The way, as soon as there is one, or a failure after ten seconds. */
  synchronized CompletableFuture<Way> way() {
    if (closed) {
      return CompletableFuture.failedFuture(new IOException("the connection to the API server is closed"));
    }
    return way.isDone() ? way : way.copy().orTimeout(WAIT.toSeconds(), TimeUnit.SECONDS)
        .exceptionallyCompose(late -> CompletableFuture.failedFuture(new IOException(
            "the API server cannot be asked: " + why())));
  }

  private synchronized String why() {
    return missing;
  }

  /** How long the next request, for this path, has to wait for its turn; negative: too long. */
  Duration turn(String path) {
    return hurried.stream().anyMatch(path::startsWith) ? Duration.ZERO : rate.take(System.nanoTime(), WAIT);
  }

  /** Notes what has come of a request. @param began by {@link System#nanoTime()} */
  void ended(Way used, long began, HttpResponse<?> response, Throwable failure) {
    if (response != null) {
      answered = System.nanoTime();
      if (response.code() == UNAUTHORIZED) {
        refused.run();
      }
      return;
    }
    Throwable cause = failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause() : failure;
    if (cause instanceof HttpTimeoutException && answered - began < 0) {
      renew(used);
    }
  }

  /**
   * A connection over which nothing comes back any more may be kept for a quarter of an hour by the operating system,
   * and all requests share it: new ones are made.
   */
  private void renew(Way silent) {
    synchronized (this) {
      Way now = way.getNow(null);
      if (closed || now == null || now.transport() != silent.transport()
          || now.transport().age().compareTo(WAIT) < 0) {
        return;
      }
      LOG.info("The API server has not answered; connections to it are made anew.");
      try {
        replace(new Way(now.access(), new Transport(now.access())));
      } catch (GeneralSecurityException e) {
        LOG.error("Connections to the API server cannot be made anew: {}", e.getMessage());
        return;
      }
    }
    silent.transport().close();
  }

  @Override
  public void close() {
    Way last;
    synchronized (this) {
      closed = true;
      last = way.getNow(null);
      way.completeExceptionally(new IOException("the connection to the API server is closed"));
    }
    if (last != null) {
      last.transport().close();
    }
  }
}
