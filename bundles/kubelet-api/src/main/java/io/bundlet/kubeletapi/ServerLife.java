package io.bundlet.kubeletapi;

import io.bundlet.kubeletapi.access.ReviewDesk;
import io.bundlet.kubeletapi.endpoint.Health;
import io.bundlet.kubeletapi.endpoint.Neighbours;
import io.bundlet.kubeletapi.endpoint.Routes;
import io.bundlet.kubeletapi.identity.ClientCertificates;
import io.bundlet.kubeletapi.identity.Tls;
import io.bundlet.kubeletapi.route.Router;
import io.bundlet.kubeletapi.server.Places;
import io.bundlet.kubeletapi.server.Servers;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the servers running as the settings want them, from a thread of its own. */
final class ServerLife {
  private static final Logger LOG = LoggerFactory.getLogger(ServerLife.class);
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final long END_MILLIS = 8000;

  private final Neighbours neighbours;
  private final Health health;
  private final Router router;
  private Settings wanted;
  private boolean ended;
  private Thread thread;
  private Servers servers;

  ServerLife(Neighbours neighbours, Settings wanted) {
    this.neighbours = neighbours;
    this.wanted = wanted;
    this.health = new Health(neighbours);
    this.router =
        new Router(
            Routes.of(neighbours, health, Clock.systemUTC(), () -> wanted().words()), new ClientCertificates(),
            Tls.authorities(neighbours.identity::now),
            new ReviewDesk(neighbours.reviews::now, () -> wanted().lives(), System::nanoTime));
  }

  void begin() {
    thread = Thread.ofVirtual().name("kubelet-api").start(this::run);
  }

  synchronized void change(Settings settings) {
    wanted = settings;
    notifyAll();
  }

  private synchronized Settings wanted() {
    return wanted;
  }

  /** Ends the servers. Waits some seconds at most. */
  void end() throws InterruptedException {
    synchronized (this) {
      ended = true;
      notifyAll();
    }
    if (!thread.join(Duration.ofMillis(END_MILLIS))) {
      LOG.warn("the kubelet's API does not end");
    }
  }

  private void run() {
    Duration wait = FIRST_WAIT;
    try {
      while (goesOn()) {
        Places places = wanted().places();
        if (start(places)) {
          wait = FIRST_WAIT;
          awaitChange(places, Duration.ZERO);
          servers.close();
        } else {
          awaitChange(places, wait);
          wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
        }
      }
    } catch (InterruptedException interrupt) {
      LOG.warn("the kubelet's API was interrupted and ends");
    } catch (GeneralSecurityException impossible) {
      LOG.error("the kubelet's API cannot start: the JDK has no TLS", impossible);
    }
  }

  private synchronized boolean goesOn() {
    return !ended;
  }

  private boolean start(Places places) throws InterruptedException, GeneralSecurityException {
    SSLContext tls = Tls.context(neighbours.identity::now);
    try {
      servers = Servers.start(places, tls, router, health);
      LOG.info("the kubelet's API is served at {} port {}", places.address(), servers.port());
      return true;
    } catch (InterruptedException interrupt) {
      throw interrupt;
    } catch (Exception failed) {
      LOG.error(
          "the kubelet's API cannot be served at {} port {} (health: {} port {}): {}; it is tried again",
          places.address(),
          places.port(), places.healthAddress(), places.healthPort(), failed.toString());
      return false;
    }
  }

  /** Waits until other places are wanted or it ends; at most so long, unless that is zero. */
  private synchronized void awaitChange(Places places, Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!ended && wanted.places().equals(places)) {
      long left = atMost.isZero() ? 0 : (deadline - System.nanoTime()) / 1_000_000;
      if (!atMost.isZero() && left <= 0) {
        return;
      }
      wait(left);
    }
  }
}
