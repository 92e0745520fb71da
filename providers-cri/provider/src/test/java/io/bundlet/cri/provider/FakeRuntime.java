package io.bundlet.cri.provider;

import com.google.protobuf.Message;
import io.bundlet.cri.protocol.AttachRequest;
import io.bundlet.cri.protocol.AttachResponse;
import io.bundlet.cri.protocol.ContainerEventResponse;
import io.bundlet.cri.protocol.ContainerStatusRequest;
import io.bundlet.cri.protocol.ContainerStatusResponse;
import io.bundlet.cri.protocol.CreateContainerRequest;
import io.bundlet.cri.protocol.CreateContainerResponse;
import io.bundlet.cri.protocol.ExecRequest;
import io.bundlet.cri.protocol.ExecResponse;
import io.bundlet.cri.protocol.ExecSyncRequest;
import io.bundlet.cri.protocol.ExecSyncResponse;
import io.bundlet.cri.protocol.GetEventsRequest;
import io.bundlet.cri.protocol.ImageFsInfoRequest;
import io.bundlet.cri.protocol.ImageFsInfoResponse;
import io.bundlet.cri.protocol.ImageServiceGrpc;
import io.bundlet.cri.protocol.ImageStatusRequest;
import io.bundlet.cri.protocol.ImageStatusResponse;
import io.bundlet.cri.protocol.ListContainersRequest;
import io.bundlet.cri.protocol.ListContainersResponse;
import io.bundlet.cri.protocol.ListImagesRequest;
import io.bundlet.cri.protocol.ListImagesResponse;
import io.bundlet.cri.protocol.ListPodSandboxRequest;
import io.bundlet.cri.protocol.ListPodSandboxResponse;
import io.bundlet.cri.protocol.PodSandboxStatusRequest;
import io.bundlet.cri.protocol.PodSandboxStatusResponse;
import io.bundlet.cri.protocol.PortForwardRequest;
import io.bundlet.cri.protocol.PortForwardResponse;
import io.bundlet.cri.protocol.PullImageRequest;
import io.bundlet.cri.protocol.PullImageResponse;
import io.bundlet.cri.protocol.RemoveContainerRequest;
import io.bundlet.cri.protocol.RemoveContainerResponse;
import io.bundlet.cri.protocol.ReopenContainerLogRequest;
import io.bundlet.cri.protocol.ReopenContainerLogResponse;
import io.bundlet.cri.protocol.RunPodSandboxRequest;
import io.bundlet.cri.protocol.RunPodSandboxResponse;
import io.bundlet.cri.protocol.RuntimeCondition;
import io.bundlet.cri.protocol.RuntimeConfigRequest;
import io.bundlet.cri.protocol.RuntimeConfigResponse;
import io.bundlet.cri.protocol.RuntimeServiceGrpc;
import io.bundlet.cri.protocol.RuntimeStatus;
import io.bundlet.cri.protocol.StartContainerRequest;
import io.bundlet.cri.protocol.StartContainerResponse;
import io.bundlet.cri.protocol.StatusRequest;
import io.bundlet.cri.protocol.StatusResponse;
import io.bundlet.cri.protocol.StopContainerRequest;
import io.bundlet.cri.protocol.StopContainerResponse;
import io.bundlet.cri.protocol.StopPodSandboxRequest;
import io.bundlet.cri.protocol.StopPodSandboxResponse;
import io.bundlet.cri.protocol.UpdateContainerResourcesRequest;
import io.bundlet.cri.protocol.UpdateContainerResourcesResponse;
import io.bundlet.cri.protocol.VersionRequest;
import io.bundlet.cri.protocol.VersionResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A runtime on a unix socket that answers what it is told to, call by call. */
final class FakeRuntime implements AutoCloseable {
  /** Says of a call that it is never answered. */
  static final Object HANG = new Object();

  /**
   * What a call gives: a message, a gRPC status, {@link #HANG}, or a function that gives one of them by the request.
   */
  final Map<Class<? extends Message>, Object> answers = new ConcurrentHashMap<>();
  /** The last request of each kind. */
  final Map<Class<? extends Message>, Message> requests = new ConcurrentHashMap<>();
  /** How many of each kind have come. */
  final Map<Class<? extends Message>, Integer> counts = new ConcurrentHashMap<>();
  /** Calls of these kinds are never answered. */
  final Map<Class<? extends Message>, CountDownLatch> hanging = new ConcurrentHashMap<>();
  /** Those who follow the events, if it has any; empty: it does not know of such a thing. */
  volatile Optional<Queue<StreamObserver<ContainerEventResponse>>> followers = Optional.empty();
  /** Counted down when a client gives up a call. */
  final CountDownLatch cancelled = new CountDownLatch(1);

  private final EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Path socket;
  private Server server;

  FakeRuntime(Path socket) {
    this.socket = socket;
    healthy();
  }

  /** Ready, with an empty store. */
  void healthy() {
    answers.put(VersionRequest.class,
        VersionResponse.newBuilder().setRuntimeName("fake").setRuntimeVersion("1.2.3").build());
    answers.put(StatusRequest.class, status(true, true).build());
    answers.put(ListPodSandboxRequest.class, ListPodSandboxResponse.getDefaultInstance());
    answers.put(ListContainersRequest.class, ListContainersResponse.getDefaultInstance());
  }

  static StatusResponse.Builder status(boolean runtimeReady, boolean networkReady) {
    return StatusResponse.newBuilder().setStatus(RuntimeStatus.newBuilder()
        .addConditions(RuntimeCondition.newBuilder().setType("RuntimeReady").setStatus(runtimeReady))
        .addConditions(RuntimeCondition.newBuilder().setType("NetworkReady").setStatus(networkReady)
            .setReason(networkReady ? "" : "NetworkPluginNotReady").setMessage("cni")));
  }

  FakeRuntime start() throws IOException {
    Files.deleteIfExists(socket);
    server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
        .channelType(NioServerDomainSocketChannel.class)
        .withChildOption(ChannelOption.SO_KEEPALIVE, null)
        .bossEventLoopGroup(eventLoop).workerEventLoopGroup(eventLoop)
        .addService(new Runtime()).addService(new Images())
        .build().start();
    return this;
  }

  /** Gone, as after a crash: the socket file stays. */
  void stop() {
    try {
      server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
  }

  String endpoint() {
    return "unix://" + socket;
  }

  @SuppressWarnings("unchecked")
  <Q extends Message> Q request(Class<Q> kind) {
    return (Q) requests.get(kind);
  }

  @Override
  public void close() {
    if (server != null) {
      stop();
    }
    eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** Calls of this kind hang from now on; the latch tells when one has come. */
  CountDownLatch hang(Class<? extends Message> kind) {
    CountDownLatch came = new CountDownLatch(1);
    hanging.put(kind, came);
    return came;
  }

  @SuppressWarnings("unchecked")
  private <A> void answer(Message request, StreamObserver<A> to) {
    requests.put(request.getClass(), request);
    counts.merge(request.getClass(), 1, Integer::sum);
    CountDownLatch came = hanging.get(request.getClass());
    Object answer = answers.get(request.getClass());
    if (answer instanceof Function<?, ?> byRequest) {
      answer = ((Function<Message, Object>) byRequest).apply(request);
    }
    if (came != null || answer == HANG) {
      ((ServerCallStreamObserver<A>) to).setOnCancelHandler(cancelled::countDown);
      if (came != null) {
        came.countDown();
      }
      return;
    }
    switch (answer) {
      case null -> to.onError(Status.UNIMPLEMENTED.asRuntimeException());
      case Status status -> to.onError(status.asRuntimeException());
      case Object message -> {
        to.onNext((A) message);
        to.onCompleted();
      }
    }
  }


  private final class Runtime extends RuntimeServiceGrpc.RuntimeServiceImplBase {
    @Override
    public void version(VersionRequest request, StreamObserver<VersionResponse> to) {
      answer(request, to);
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> to) {
      answer(request, to);
    }

    @Override
    public void runtimeConfig(RuntimeConfigRequest request, StreamObserver<RuntimeConfigResponse> to) {
      answer(request, to);
    }

    @Override
    public void runPodSandbox(RunPodSandboxRequest request, StreamObserver<RunPodSandboxResponse> to) {
      answer(request, to);
    }

    @Override
    public void stopPodSandbox(StopPodSandboxRequest request, StreamObserver<StopPodSandboxResponse> to) {
      answer(request, to);
    }

    @Override
    public void podSandboxStatus(PodSandboxStatusRequest request, StreamObserver<PodSandboxStatusResponse> to) {
      answer(request, to);
    }

    @Override
    public void listPodSandbox(ListPodSandboxRequest request, StreamObserver<ListPodSandboxResponse> to) {
      answer(request, to);
    }

    @Override
    public void createContainer(CreateContainerRequest request, StreamObserver<CreateContainerResponse> to) {
      answer(request, to);
    }

    @Override
    public void startContainer(StartContainerRequest request, StreamObserver<StartContainerResponse> to) {
      answer(request, to);
    }

    @Override
    public void stopContainer(StopContainerRequest request, StreamObserver<StopContainerResponse> to) {
      answer(request, to);
    }

    @Override
    public void removeContainer(RemoveContainerRequest request, StreamObserver<RemoveContainerResponse> to) {
      answer(request, to);
    }

    @Override
    public void listContainers(ListContainersRequest request, StreamObserver<ListContainersResponse> to) {
      answer(request, to);
    }

    @Override
    public void reopenContainerLog(
        ReopenContainerLogRequest request, StreamObserver<ReopenContainerLogResponse> to) {
      answer(request, to);
    }

    @Override
    public void execSync(ExecSyncRequest request, StreamObserver<ExecSyncResponse> to) {
      answer(request, to);
    }

    @Override
    public void getContainerEvents(GetEventsRequest request, StreamObserver<ContainerEventResponse> to) {
      requests.put(request.getClass(), request);
      if (followers.isPresent()) {
        followers.get().add(to);
      } else {
        to.onError(Status.UNIMPLEMENTED.asRuntimeException());
      }
    }

    @Override
    public void exec(ExecRequest request, StreamObserver<ExecResponse> to) {
      answer(request, to);
    }

    @Override
    public void attach(AttachRequest request, StreamObserver<AttachResponse> to) {
      answer(request, to);
    }

    @Override
    public void portForward(PortForwardRequest request, StreamObserver<PortForwardResponse> to) {
      answer(request, to);
    }

    @Override
    public void updateContainerResources(
        UpdateContainerResourcesRequest request, StreamObserver<UpdateContainerResourcesResponse> to) {
      answer(request, to);
    }

    @Override
    public void containerStatus(ContainerStatusRequest request, StreamObserver<ContainerStatusResponse> to) {
      answer(request, to);
    }
  }

  /** Tells all who follow that something has happened. */
  void event() {
    followers.orElseThrow().forEach(follower -> follower.onNext(ContainerEventResponse.getDefaultInstance()));
  }

  private final class Images extends ImageServiceGrpc.ImageServiceImplBase {
    @Override
    public void listImages(ListImagesRequest request, StreamObserver<ListImagesResponse> to) {
      answer(request, to);
    }

    @Override
    public void imageStatus(ImageStatusRequest request, StreamObserver<ImageStatusResponse> to) {
      answer(request, to);
    }

    @Override
    public void pullImage(PullImageRequest request, StreamObserver<PullImageResponse> to) {
      answer(request, to);
    }

    @Override
    public void imageFsInfo(ImageFsInfoRequest request, StreamObserver<ImageFsInfoResponse> to) {
      answer(request, to);
    }
  }
}
