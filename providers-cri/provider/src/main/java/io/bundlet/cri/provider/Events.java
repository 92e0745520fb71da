package io.bundlet.cri.provider;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.cri.protocol.ContainerEventResponse;
import io.bundlet.cri.protocol.GetEventsRequest;
import io.bundlet.cri.protocol.RuntimeServiceGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream of a runtime's events (GetContainerEvents), where it has one. An event says no more than that it is time
 * to look: what there is and how it is stands in the lists alone, so that an event that is lost, comes twice or late,
 * or says something else does no harm.
 */
final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);

  private final Runnable look;
  private final Object lock = new Object();
  private Connection refusedBy;
  private Stream stream;

  /** @param look called for each event and when the stream ends, in a thread of the connection's own; quick */
  Events(Runnable look) {
    this.look = look;
  }

  /** Whether events come: the runtime's stream is open, and it has told of something. */
  boolean come() {
    synchronized (lock) {
      return stream != null && stream.told;
    }
  }

  /** Opens the stream, unless it is open or this runtime has none. To be called again now and then; never blocks. */
  void follow(Connection connection) {
    Stream mine = new Stream(connection);
    synchronized (lock) {
      if (stream != null && stream.connection == connection || refusedBy == connection) {
        return;
      }
      stream = mine;
    }
    try {
      connection.stream(RuntimeServiceGrpc.getGetContainerEventsMethod(), GetEventsRequest.getDefaultInstance(),
          "events of the runtime", mine);
    } catch (ProviderFailure away) {
      mine.over(false);
    }
  }

  /** The runtime was away: the next one may have events, though this one had none. */
  void forget() {
    synchronized (lock) {
      refusedBy = null;
    }
  }

  private final class Stream implements StreamObserver<ContainerEventResponse> {
    private final Connection connection;
    private boolean told;

    Stream(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void onNext(ContainerEventResponse event) {
      boolean first;
      synchronized (lock) {
        first = !told;
        told = true;
      }
      if (first) {
        LOG.info("the container runtime at {} tells of events", connection.endpoint());
      }
      look.run();
    }

    @Override
    public void onError(Throwable failure) {
      over(Status.fromThrowable(failure).getCode() == Status.Code.UNIMPLEMENTED);
    }

    @Override
    public void onCompleted() {
      over(false);
    }

    private void over(boolean refused) {
      boolean told;
      synchronized (lock) {
        told = this.told;
        if (stream == this) {
          stream = null;
        }
        if (refused) {
          refusedBy = connection;
        }
      }
      if (told) {
        look.run();
      }
    }
  }
}
