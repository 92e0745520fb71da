package io.bundlet.testkit.containerd;

import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.HandlerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Stands between a node and its container runtime, and spoils the calls that it is told to spoil: they come late, fail,
 * never end, take effect without anybody hearing of it, or are answered with rubbish. It passes bytes and knows no
 * message. Its methods may be called by any thread.
 */
public final class RuntimeProxy implements AutoCloseable {
  /**
   * A call that has ended.
   *
   * @param method such as {@code RunPodSandbox}
   * @param begin when it came, as {@link System#nanoTime} tells it
   * @param end when it was answered or had failed
   */
  public record Call(String method, long begin, long end) {}

  private static final int MAX_MESSAGE = 16 << 20;
  private static final BytesMarshaller BYTES = new BytesMarshaller();

  private final Path socket;
  private final EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ExecutorService calls =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("runtime-proxy").factory());
  private final ManagedChannel runtime;
  private final List<RuntimeFault> faults = new CopyOnWriteArrayList<>();
  private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
  private final Map<String, UnaryOperator<byte[]>> answers = new ConcurrentHashMap<>();
  private final AtomicInteger failed = new AtomicInteger();
  private volatile Consumer<Call> onlooker = call -> { };
  private Server server;

  /** Begins, and passes everything. @param socket where it listens; at most 107 characters */
  public RuntimeProxy(Path socket, Path runtimeSocket) throws IOException {
    this.socket = socket;
    this.runtime = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(runtimeSocket))
        .eventLoopGroup(eventLoop)
        .channelType(NioDomainSocketChannel.class)
        .withOption(ChannelOption.SO_KEEPALIVE, null)
        .overrideAuthority("localhost")
        .maxInboundMessageSize(MAX_MESSAGE)
        .usePlaintext()
        .build();
    listen();
  }

  private synchronized void listen() throws IOException {
    Files.deleteIfExists(socket);
    server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
        .channelType(NioServerDomainSocketChannel.class)
        .withChildOption(ChannelOption.SO_KEEPALIVE, null)
        .bossEventLoopGroup(eventLoop).workerEventLoopGroup(eventLoop)
        .executor(calls)
        .maxInboundMessageSize(MAX_MESSAGE)
        .fallbackHandlerRegistry(new AnyMethod())
        .build().start();
  }

  /** What the node takes for the runtime's socket. */
  public Path socket() {
    return socket;
  }

  /** From now on calls are spoiled so, until it is withdrawn. */
  public void add(RuntimeFault fault) {
    faults.add(fault);
  }

  /** Nothing is spoiled any more. Calls that hang hang on. */
  public void heal() {
    faults.clear();
  }

  /** Calls of this method, such as {@code PullImage}, are answered so instead of being passed. */
  public void answer(String method, UnaryOperator<byte[]> answer) {
    answers.put(method, answer);
  }

  /** How many calls of this method have come so far. */
  public int calls(String method) {
    AtomicInteger count = counts.get(method);
    return count == null ? 0 : count.get();
  }

  /** From now on this one, and nobody else, hears of each call when it has ended, in the call's thread. */
  public void watch(Consumer<Call> wanted) {
    onlooker = wanted;
  }

  /** Ends all connections, and nobody listens any more, as when the runtime is stopped. */
  public synchronized void down() {
    end();
  }

  /** Listens again. */
  public synchronized void up() throws IOException {
    listen();
  }

  private void end() {
    try {
      server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    end();
    runtime.shutdownNow();
    calls.shutdownNow();
    eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    Files.deleteIfExists(socket);
  }

  private void serve(MethodDescriptor<byte[], byte[]> method, byte[] request, ServerCallStreamObserver<byte[]> to) {
    String name = method.getBareMethodName();
    long begin = System.nanoTime();
    counts.computeIfAbsent(name, key -> new AtomicInteger()).incrementAndGet();
    RuntimeFault.Spoiled spoiled = null;
    for (RuntimeFault fault : faults) {
      spoiled = fault.meets(name, request);
      if (spoiled != null) {
        break;
      }
    }
    try {
      byte[] answer = spoiled == null ? pass(method, request) : spoil(spoiled, method, request, to);
      to.onNext(answer);
      to.onCompleted();
    } catch (StatusRuntimeException failure) {
      if (!to.isCancelled()) {
        to.onError(failure);
      }
    } catch (Exception failure) {
      to.onError(Status.INTERNAL.withDescription("the proxy failed").withCause(failure).asRuntimeException());
    } finally {
      if (spoiled != null) {
        spoiled.over();
      }
      onlooker.accept(new Call(name, begin, System.nanoTime()));
    }
  }

  /** Whoever asks is believed to be there as long as it takes; if he leaves, the runtime hears of it. */
  private byte[] pass(MethodDescriptor<byte[], byte[]> method, byte[] request) {
    UnaryOperator<byte[]> own = answers.get(method.getBareMethodName());
    return own != null ? own.apply(request)
        : ClientCalls.blockingUnaryCall(runtime, method, CallOptions.DEFAULT, request);
  }

  private byte[] spoil(RuntimeFault.Spoiled spoiled, MethodDescriptor<byte[], byte[]> method, byte[] request,
      ServerCallStreamObserver<byte[]> to) throws Exception {
    RuntimeFault fault = spoiled.fault();
    return switch (fault.kind()) {
      case SLOW -> {
        spoiled.await(fault.delay());
        yield pass(method, request);
      }
      case ERROR -> throw fault.failure();
      case HANG -> throw spoiled.await();
      case LOST -> {
        takeEffect(method, request);
        throw Status.UNAVAILABLE.withDescription("the answer was lost").asRuntimeException();
      }
      case LOST_IN_SILENCE -> {
        takeEffect(method, request);
        throw spoiled.await();
      }
      case GARBAGE -> {
        takeEffect(method, request);
        yield fault.garbage();
      }
    };
  }

  /** Whatever becomes of the one who asked for it, and whatever the runtime says of it. */
  private void takeEffect(MethodDescriptor<byte[], byte[]> method, byte[] request) throws Exception {
    try {
      Context.ROOT.call(() -> pass(method, request));
    } catch (StatusRuntimeException unheard) {
      failed.incrementAndGet();
    }
  }

  /** How many calls that were to take effect without an answer have failed. */
  public int failed() {
    return failed.get();
  }

  /** All methods there may be. */
  private final class AnyMethod extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String methodName, String authority) {
      MethodDescriptor<byte[], byte[]> method = MethodDescriptor.newBuilder(BYTES, BYTES)
          .setFullMethodName(methodName).setType(MethodDescriptor.MethodType.UNARY).build();
      return ServerMethodDefinition.create(method, ServerCalls.asyncUnaryCall(
          (request, to) -> serve(method, request, (ServerCallStreamObserver<byte[]>) to)));
    }
  }
}
