package io.bundlet.kubeletapi.endpoint;

import io.bundlet.api.admin.PodStreams;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.StreamTarget;
import io.bundlet.kubeletapi.route.Endpoint;
import io.bundlet.kubeletapi.route.Exchange;
import io.bundlet.kubeletapi.route.Refusal;
import io.bundlet.kubeletapi.session.RuntimeConnection;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sessions with containers and ports: the caller's connection is handed on to the runtime. They last as long as both
 * sides like; when there are too many, further ones are turned away.
 */
public final class Sessions implements Endpoint {
  static final int MAX_SESSIONS = 128;
  private static final int TOO_MANY = 429;

  /** Prepares one session. */
  @FunctionalInterface
  interface Preparing {
    StreamTarget target(Exchange exchange, PodStreams pods) throws Refusal, ProviderFailure;
  }

  private final Neighbours neighbours;
  private final Semaphore places;
  private final Preparing preparing;

  private Sessions(Neighbours neighbours, Semaphore places, Preparing preparing) {
    this.neighbours = neighbours;
    this.places = places;
    this.preparing = preparing;
  }

  /** All of one server together may be so many. */
  public static Semaphore places() {
    return new Semaphore(MAX_SESSIONS);
  }

  /** Commands in containers. */
  public static Sessions exec(Neighbours neighbours, Semaphore places) {
    return new Sessions(neighbours, places, (exchange, pods) -> {
      var streams = SessionRequest.streams(exchange);
      SessionRequest asked = SessionRequest.ofContainer(exchange, neighbours.node.get());
      return pods.exec(asked.pod(), asked.container(), exchange.query("command"), streams);
    });
  }

  /** Containers' own processes. */
  public static Sessions attach(Neighbours neighbours, Semaphore places) {
    return new Sessions(neighbours, places, (exchange, pods) -> {
      var streams = SessionRequest.streams(exchange);
      SessionRequest asked = SessionRequest.ofContainer(exchange, neighbours.node.get());
      return pods.attach(asked.pod(), asked.container(), streams);
    });
  }

  /** Ports of pods. */
  public static Sessions forward(Neighbours neighbours, Semaphore places) {
    return new Sessions(neighbours, places, (exchange, pods) -> {
      SessionRequest asked = SessionRequest.ofPod(exchange, neighbours.node.get());
      return pods.portForward(asked.pod(), SessionRequest.ports(exchange));
    });
  }

  @Override
  public void answer(Exchange exchange) throws Refusal {
    String protocol = RuntimeConnection.protocol(exchange);
    if (!places.tryAcquire()) {
      throw new Refusal(TOO_MANY, "there are " + MAX_SESSIONS + " sessions with containers already; end some");
    }
    AtomicBoolean given = new AtomicBoolean();
    Runnable giveBack = () -> {
      if (given.compareAndSet(false, true)) {
        places.release();
      }
    };
    try {
      StreamTarget target = preparing.target(exchange, neighbours.streams.get());
      exchange.handOver(protocol, RuntimeConnection.open(target, exchange), giveBack);
    } catch (ProviderFailure failure) {
      giveBack.run();
      throw SessionRequest.refusal(failure);
    } catch (Refusal | RuntimeException | Error refused) {
      giveBack.run();
      throw refused;
    }
  }
}
