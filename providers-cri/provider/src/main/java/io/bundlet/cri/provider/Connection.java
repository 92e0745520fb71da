package io.bundlet.cri.provider;

import com.google.common.util.concurrent.ListenableFuture;
import io.bundlet.api.runtime.ProviderFailure;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Phaser;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one runtime. Opened by the first call; finds the runtime again by itself after it was gone.
 *
 * <p>All methods may be called from any thread.
 */
final class Connection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /** How long a call that does something may take, unless the configuration says otherwise. As in Kubernetes. */
  static final Duration ACT = Duration.ofMinutes(2);
  /** For calls that ask: sooner given up than in Kubernetes, since they can simply be made again. */
  static final Duration ASK = Duration.ofSeconds(20);
  /** For calls that end with the caller's patience alone. */
  static final Duration UNBOUNDED = Duration.ZERO;

  /** Lists of many containers are long: 16 MiB, as other clients of CRI take. */
  private static final int MAX_ANSWER_BYTES = 16 << 20;
  /** A failure's words come in its head, and runtimes quote what their helpers have printed. */
  private static final int MAX_HEAD_BYTES = 1 << 20;
  private static final ThreadFactory ANSWER = Thread.ofVirtual().name("cri-answer").factory();
  /** Never closed: a call whose end could not be told any more would never return. */
  private static final Executor ANSWERS = answer -> ANSWER.newThread(answer).start();

  private final String endpoint;
  private volatile Duration timeout;
  /** The calls under way, and the connection itself until it is closed. */
  private final Phaser calls = new Phaser(1);
  private EventLoopGroup eventLoop;
  private ManagedChannel channel;
  private boolean closed;

  Connection(String endpoint) {
    this(endpoint, ACT);
  }

  /** @param timeout see {@link #act} */
  Connection(String endpoint, Duration timeout) {
    this.endpoint = endpoint.strip();
    this.timeout = timeout;
  }

  /** For calls from now on. */
  void timeout(Duration now) {
    timeout = now;
  }

  /** How long a call that does something may take. */
  Duration act() {
    return timeout;
  }

  /** How long making a sandbox may take, which waits for the pod's network. */
  Duration sandbox() {
    return timeout.multipliedBy(2);
  }

  /** How long a call that only asks may take. */
  Duration ask() {
    return timeout.compareTo(ASK) < 0 ? timeout : ASK;
  }

  /** Whether there is a runtime at the other end now, be its answers good or bad. */
  synchronized boolean answers() {
    return channel != null && channel.getState(false) == ConnectivityState.READY;
  }

  String endpoint() {
    return endpoint;
  }

  /**
   * Calls and waits for the answer.
   *
   * @param what for people: what is being tried, such as {@code run sandbox of pod default/web}
   * @param limit how long at most; {@link #UNBOUNDED}: until interrupted
   * @throws ProviderFailure as {@link Failures} says; {@link ProviderFailure#UNAVAILABLE} with an unknown outcome when
   *     interrupted, and then the interrupt flag is set again
   */
  <Q, A> A call(MethodDescriptor<Q, A> method, Q request, Duration limit, String what) throws ProviderFailure {
    CallOptions options = CallOptions.DEFAULT;
    if (!limit.isZero()) {
      options = options.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
    calls.register();
    try {
      return await(ClientCalls.futureUnaryCall(open(what).newCall(method, options), request), what);
    } finally {
      calls.arriveAndDeregister();
    }
  }

  /**
   * Calls for a stream of answers, each of which is told to the observer in a thread of the connection's own, and at
   * last its end; also by {@link #close}. Does not block.
   */
  <Q, A> void stream(MethodDescriptor<Q, A> method, Q request, String what, StreamObserver<A> observer)
      throws ProviderFailure {
    ManagedChannel to = open(what);
    calls.register();
    ClientCalls.asyncServerStreamingCall(to.newCall(method, CallOptions.DEFAULT), request, new StreamObserver<A>() {
      @Override
      public void onNext(A answer) {
        observer.onNext(answer);
      }

      @Override
      public void onError(Throwable failure) {
        try {
          observer.onError(failure);
        } finally {
          calls.arriveAndDeregister();
        }
      }

      @Override
      public void onCompleted() {
        try {
          observer.onCompleted();
        } finally {
          calls.arriveAndDeregister();
        }
      }
    });
  }

  private <A> A await(ListenableFuture<A> answer, String what) throws ProviderFailure {
    try {
      return answer.get();
    } catch (InterruptedException interrupt) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw ProviderFailure.outcomeUnknown(ProviderFailure.UNAVAILABLE, what + ": interrupted", interrupt);
    } catch (ExecutionException failure) {
      throw Failures.of(what, endpoint, failure.getCause());
    }
  }

  /** Forgets the pause that follows failed attempts to connect, so that the next call tries at once. */
  synchronized void retryNow() {
    if (channel != null) {
      channel.resetConnectBackoff();
    }
  }

  private synchronized ManagedChannel open(String what) throws ProviderFailure {
    if (closed) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, what + ": the connection to " + endpoint + " is closed");
    }
    if (channel == null) {
      UnixDomainSocketAddress address = address(what);
      if (Files.notExists(address.getPath())) {
        // a node without a container runtime does not pay for the protocol
        throw ProviderFailure.of(
            ProviderFailure.UNAVAILABLE, what + ": there is no socket " + address.getPath()
            + "; is the runtime running?");
      }
      eventLoop = new MultiThreadIoEventLoopGroup(
          1, Thread.ofPlatform().daemon().name("cri-connection").factory(), NioIoHandler.newFactory());
      channel = NettyChannelBuilder.forAddress(address)
          .eventLoopGroup(eventLoop)
          .channelType(NioDomainSocketChannel.class)
          .withOption(ChannelOption.SO_KEEPALIVE, null)
          .overrideAuthority("localhost")
          .executor(ANSWERS)
          .offloadExecutor(ANSWERS)
          .maxInboundMessageSize(MAX_ANSWER_BYTES)
          .maxInboundMetadataSize(MAX_HEAD_BYTES)
          .disableRetry()
          .usePlaintext()
          .build();
    }
    return channel;
  }

  private UnixDomainSocketAddress address(String what) throws ProviderFailure {
    String path = endpoint.startsWith("unix://") ? endpoint.substring("unix://".length()) : endpoint;
    try {
      if (path.startsWith("/")) {
        return UnixDomainSocketAddress.of(path);
      }
    } catch (IllegalArgumentException notAPath) {
      throw ProviderFailure.of(ProviderFailure.INVALID, badEndpoint(what), notAPath);
    }
    throw ProviderFailure.of(ProviderFailure.INVALID, badEndpoint(what));
  }

  private String badEndpoint(String what) {
    return what + ": '" + endpoint + "' is not a runtime endpoint; set endpoint to unix:///path/of/the/socket";
  }

  /** Ends all calls under way and gives the threads back, within three seconds or, of a slow machine, later. */
  @Override
  public void close() {
    ManagedChannel toClose;
    synchronized (this) {
      closed = true;
      toClose = channel;
    }
    if (toClose == null) {
      return;
    }
    toClose.shutdownNow();
    try {
      Thread.ofVirtual().name("cri-connection-end").start(() -> end(toClose)).join(Duration.ofSeconds(3));
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
  }

  /** The thread of the sockets ends last: it is the one that tells the calls that they are over. */
  private void end(ManagedChannel toClose) {
    try {
      toClose.awaitTermination(1, TimeUnit.MINUTES);
      calls.awaitAdvanceInterruptibly(calls.arriveAndDeregister(), 1, TimeUnit.MINUTES);
    } catch (TimeoutException notYet) {
      LOG.warn("{} calls to the container runtime did not end in time", calls.getRegisteredParties());
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    } finally {
      eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }
}
