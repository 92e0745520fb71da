package io.bundlet.probe.grpc;

import com.google.common.util.concurrent.ListenableFuture;
import io.bundlet.api.probe.GrpcAnswer;
import io.bundlet.api.probe.GrpcCheck;
import io.bundlet.api.runtime.ProviderFailure;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Phaser;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks, each time over a new connection; all of them share one thread for their sockets. */
final class HealthClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HealthClient.class);
  /** An answer is a number; a server that sends more is not believed. */
  private static final int MAX_ANSWER_BYTES = 4096;
  private static final int MAX_MESSAGE = 512;

  private static final ThreadFactory ANSWER = Thread.ofVirtual().name("probe-grpc-answer").factory();
  /** Never closed: a check whose end could not be told any more would never return. */
  private static final Executor ANSWERS = answer -> ANSWER.newThread(answer).start();

  private final EventLoopGroup eventLoop =
      new MultiThreadIoEventLoopGroup(
          1, Thread.ofPlatform().daemon().name("probe-grpc-connection").factory(), NioIoHandler.newFactory());
  private final Set<ManagedChannel> open = ConcurrentHashMap.newKeySet();
  /** Those under way, and the client itself until it is closed. */
  private final Phaser checks = new Phaser(1);
  private volatile boolean closed;

  GrpcAnswer check(GrpcCheck check) throws ProviderFailure {
    ManagedChannel channel = channel(check);
    open.add(channel);
    checks.register();
    try {
      if (closed) {
        throw leaving();
      }
      CallOptions options =
          CallOptions.DEFAULT.withDeadlineAfter(check.timeout().toMillis(), TimeUnit.MILLISECONDS);
      ListenableFuture<Integer> answer =
          ClientCalls.futureUnaryCall(channel.newCall(HealthMethod.CHECK, options), check.service());
      return await(answer, check);
    } finally {
      channel.shutdownNow();
      open.remove(channel);
      checks.arriveAndDeregister();
    }
  }

  private GrpcAnswer await(ListenableFuture<Integer> answer, GrpcCheck check) throws ProviderFailure {
    try {
      int status = answer.get();
      return status == HealthMethod.SERVING
          ? GrpcAnswer.SERVING
          : GrpcAnswer.notServing("service unhealthy (responded with \"" + HealthMethod.word(status) + "\")");
    } catch (InterruptedException interrupt) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw ProviderFailure.outcomeUnknown(ProviderFailure.UNAVAILABLE, "the health check was interrupted", interrupt);
    } catch (ExecutionException failed) {
      if (closed) {
        throw leaving();
      }
      return GrpcAnswer.notServing(why(Status.fromThrowable(failed.getCause()), check));
    }
  }

  private static String why(Status status, GrpcCheck check) {
    String words = bounded(status.getCode() + (status.getDescription() == null ? "" : ": " + status.getDescription()));
    return switch (status.getCode()) {
      case UNIMPLEMENTED ->
          "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): " + words;
      case DEADLINE_EXCEEDED ->
          "timeout: health rpc did not complete within " + check.timeout().toSeconds() + "s";
      case UNAVAILABLE ->
          "error: failed to connect service \"" + check.address() + ":" + check.port() + "\": " + words;
      default -> "error: health rpc probe failed: " + words;
    };
  }

  private static String bounded(String text) {
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "...";
  }

  private ManagedChannel channel(GrpcCheck check) throws ProviderFailure {
    InetSocketAddress address;
    try {
      address = new InetSocketAddress(InetAddress.ofLiteral(check.address()), check.port());
    } catch (IllegalArgumentException wrong) {
      throw ProviderFailure.of(
          ProviderFailure.INVALID, check.address() + " port " + check.port() + " is no address of a server", wrong);
    }
    return NettyChannelBuilder.forAddress(address)
        .eventLoopGroup(eventLoop)
        .channelType(NioSocketChannel.class)
        .executor(ANSWERS)
        .offloadExecutor(ANSWERS)
        // a pod is reached directly, whatever the node's own proxy is
        .proxyDetector(target -> null)
        .maxInboundMessageSize(MAX_ANSWER_BYTES)
        .userAgent(check.userAgent())
        .disableRetry()
        .usePlaintext()
        .build();
  }

  private static ProviderFailure leaving() {
    return ProviderFailure.of(ProviderFailure.UNAVAILABLE, "the driver for gRPC probes is leaving");
  }

  /** Ends what is under way, within three seconds. */
  @Override
  public void close() {
    closed = true;
    open.forEach(ManagedChannel::shutdownNow);
    try {
      // their thread ends last: it is the one that tells them that they are over
      checks.awaitAdvanceInterruptibly(checks.arriveAndDeregister(), 2, TimeUnit.SECONDS);
    } catch (TimeoutException notYet) {
      LOG.warn("{} gRPC probes did not end in time", checks.getRegisteredParties());
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
    eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
  }
}
