package io.bundlet.core.node;

import io.bundlet.api.admin.AdminFailure;
import io.bundlet.api.admin.DebugContainer;
import io.bundlet.api.admin.EventView;
import io.bundlet.api.admin.LogQuery;
import io.bundlet.api.admin.LogReader;
import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.admin.NodeUsageView;
import io.bundlet.api.admin.NodeView;
import io.bundlet.api.admin.PodListener;
import io.bundlet.api.admin.PodStreams;
import io.bundlet.api.admin.PodUsageView;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.admin.Problem;
import io.bundlet.api.cgroup.ControlGroups;
import io.bundlet.api.probe.GrpcHealth;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeProvider;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.api.volume.VolumeDriver;
import io.bundlet.core.cgroup.PodGroups;
import io.bundlet.core.cluster.Cluster;
import io.bundlet.core.cluster.Offered;
import io.bundlet.core.container.ContainerServices;
import io.bundlet.core.dispatch.PodDispatcher;
import io.bundlet.core.identity.NameSettings;
import io.bundlet.core.identity.NodeIdentity;
import io.bundlet.core.identity.PresentAddresses;
import io.bundlet.core.objects.ObjectSources;
import io.bundlet.core.pod.NodeServices;
import io.bundlet.core.probe.GrpcDrivers;
import io.bundlet.core.provider.ProviderRegistry;
import io.bundlet.core.status.StatusWriter;
import io.bundlet.core.store.StateStore;
import io.bundlet.core.time.SystemTime;
import io.bundlet.core.volume.LeftVolumes;
import io.bundlet.core.volume.PodDirectories;
import io.bundlet.core.volume.VolumeDrivers;
import io.bundlet.kubernetes.ObjectSource;
import io.bundlet.kubernetes.PodSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ties the core's parts together and lets services in and out of it. */
@Component(
    service = {NodeAdmin.class, Callable.class},
    property = Kubelet.BEFORE_END,
    immediate = true,
    configurationPid = NodeConfig.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = NodeConfig.class)
public final class Kubelet implements NodeAdmin, Callable<Boolean> {
  /** By this the launcher finds what is to be called before the node is ended by SIGTERM. */
  static final String BEFORE_END = "bundlet.launcher=before-end";

  private static final Logger LOG = LoggerFactory.getLogger(Kubelet.class);
  private static final String STATE = "core: state";
  private static final String LIMITS = "core: limits";

  private final SystemTime time = new SystemTime();
  private final ProviderRegistry providers = new ProviderRegistry(time);
  private final VolumeDrivers volumes = new VolumeDrivers();
  private final GrpcDrivers grpc = new GrpcDrivers();
  private final ObjectSources objects = new ObjectSources();
  private final PodGroups groups = new PodGroups(time);
  private final StatusWriter status = new StatusWriter();
  private final NodeProblems problems = new NodeProblems(status);
  private final PodSources sources = new PodSources(problems);
  private final PresentAddresses addresses = new PresentAddresses(time);
  private final Instant startedAt = time.now();
  @Reference private Cluster cluster;
  private volatile NodeConfig config;
  private final NodeRoom room = new NodeRoom(time, providers, () -> config);
  private final ClusterNode clusterNode =
      new ClusterNode(time, providers, room, addresses, () -> config, () -> problems.of(STATE));
  private final NodeEnd end = new NodeEnd(time, room, () -> config);
  private final ImageUpkeep images =
      new ImageUpkeep(time, providers, () -> config, told -> trouble("image credentials", told));
  private volatile PodDispatcher dispatcher;
  private volatile NodeLogs logs;
  private Offered offered;
  private LeftVolumes leftVolumes;
  private StateStore store;
  private String version;
  private Thread starter;
  private boolean stopped;

  /** Takes the configuration and returns at once; the rest is done in a thread of its own. */
  @Activate
  public void activate(BundleContext context, NodeConfig given) {
    config = given;
    version = context.getBundle().getVersion().toString();
    offered = new Offered(context);
    starter = Thread.ofPlatform().name("bundlet-core-start").start(this::begin);
  }

  private void begin() {
    Path data = Path.of(config.data_directory());
    try {
      begin(data);
    } catch (IOException | RuntimeException failed) {
      LOG.error("the node cannot start: {}", failed.getMessage(), failed);
      problems.tell("core", data.toString(), Optional.of("the node cannot start: " + failed.getMessage()));
    }
  }

  private void begin(Path data) throws IOException {
    StateStore opened = StateStore.open(data.resolve("state").resolve("pods.log"));
    synchronized (this) {
      store = opened;
      if (stopped) {
        opened.close();
        return;
      }
    }
    opened.onTrouble(trouble -> problems.tell(STATE, data.toString(), trouble));
    PodDirectories directories = new PodDirectories(data.resolve("pods"));
    LeftVolumes left = new LeftVolumes(opened, volumes, directories, time);
    limitProblems(room.measure(data));
    NodeServices node =
        new NodeServices(
            providers, volumes, left, directories, objects, groups, room.fit(), opened, status, time,
            new Owner(config.node_id()), data.resolve("logs"), data.resolve("seccomp"),
            ContainerServices.of(providers, time, directories, grpc::now, images.pulls()), this::identity,
            cluster,
            () -> config.default_handler());
    NodeLogs nodeLogs =
        new NodeLogs(node.logs(), time, providers, status::pods, this::pod, part -> told -> trouble(part, told));
    nodeLogs.configure(config);
    PodDispatcher made = new PodDispatcher(node);
    volumes.onChange(made::changed);
    synchronized (this) {
      if (stopped) {
        opened.close();
        return;
      }
      logs = nodeLogs;
      dispatcher = made;
      leftVolumes = left;
    }
    left.begin();
    made.begin();
    providers.begin(made, node.owner());
    nodeLogs.begin();
    room.keep(data, made, node.owner(), images::reclaim);
    clusterNode.begin(version, status, cluster, offered, made::changed);
    images.begin(data, made, cluster, offered);
    offered.offer(PodStreams.class, new NodeStreams(providers, this::pod, made::sandboxed));
    sources.begin(made);
    LOG.info("node {} is ready", config.node_name());
  }

  private NodeIdentity identity() {
    NodeConfig now = config;
    return new NodeIdentity(
        now.node_name(), addresses.of(now.node_ip()),
        NameSettings.of(now.cluster_dns(), now.cluster_domain(), now.resolv_conf()),
        room.allocatable(), room.memory());
  }

  private void limitProblems(List<String> all) {
    Stream<String> settings =
        Stream.of(all, end.plan().problems(), clusterNode.settings(), images.settings()).flatMap(List::stream);
    problems.tell(LIMITS, settings.map(problem -> new Problem(NodeConfig.PID, problem)).toList());
  }

  private void trouble(String part, Optional<String> told) {
    problems.tell("core: " + part, part, told);
  }

  /** Takes what may change while pods run: all but the node's name, its id and where its data are. */
  @Modified
  public void modified(NodeConfig given) {
    config = given;
    limitProblems(room.settings());
    if (logs != null) {
      logs.configure(given);
    }
    if (dispatcher != null) {
      dispatcher.changed();
    }
  }

  /** The node was told to end by SIGTERM; see {@link NodeEnd#call}. */
  @Override
  public Boolean call() throws InterruptedException {
    return end.call(dispatcher, () -> trouble("shutdown", Optional.of(NodeEnd.TOLD)));
  }

  /** Leaves all pods as they are. */
  @Deactivate
  public void deactivate() throws InterruptedException, IOException {
    synchronized (this) {
      stopped = true;
    }
    starter.join(5_000);
    offered.end();
    cluster.end();
    clusterNode.end();
    sources.end();
    if (logs != null) {
      logs.end();
    }
    providers.end();
    objects.end();
    room.end();
    images.end();
    if (dispatcher != null) {
      dispatcher.end();
    }
    if (leftVolumes != null) {
      leftVolumes.end();
    }
    status.close();
    if (store != null) {
      store.close();
    }
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "unbindProvider")
  void bindProvider(RuntimeProvider provider, Map<String, Object> properties) {
    providers.bind(provider, properties);
  }

  void unbindProvider(RuntimeProvider provider) {
    providers.unbind(provider);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "unbindVolumes")
  void bindVolumes(VolumeDriver driver, Map<String, Object> properties) {
    volumes.bind(driver, properties);
  }

  void unbindVolumes(VolumeDriver driver) {
    volumes.unbind(driver);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "unbindGrpc")
  void bindGrpc(GrpcHealth driver) {
    grpc.bind(driver);
  }

  void unbindGrpc(GrpcHealth driver) {
    grpc.unbind(driver);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "unbindGroups")
  void bindGroups(ControlGroups service) {
    groups.bind(service);
  }

  void unbindGroups(ControlGroups service) {
    groups.unbind(service);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "unbindSource")
  void bindSource(PodSource source, Map<String, Object> properties) {
    sources.bind(source, properties);
  }

  void unbindSource(PodSource source) {
    sources.unbind(source);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "unbindObjects")
  void bindObjects(ObjectSource source) {
    objects.bind(source);
  }

  void unbindObjects(ObjectSource source) {
    objects.unbind(source);
  }

  @Override
  public List<PodView> pods() {
    return status.pods().stream()
        .sorted(Comparator.comparing(PodView::namespace).thenComparing(PodView::name)).toList();
  }

  @Override
  public Optional<PodView> pod(String nameOrUid) {
    String full = nameOrUid.contains("/") ? nameOrUid : "default/" + nameOrUid;
    return status.pods().stream()
        .filter(pod -> pod.uid().equals(nameOrUid) || (pod.namespace() + "/" + pod.name()).equals(full))
        .findFirst();
  }

  @Override
  public NodeView node() {
    return new NodeView(
        config.node_name(), config.node_id(), version, startedAt, Path.of(config.data_directory()),
        config.default_handler(),
        providers.handlers().entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList(),
        status.pods().size(), status.problems(), room.resources(),
        Stream.concat(room.conditions().stream(), Stream.of(groups.condition())).toList());
  }

  @Override
  public List<String> machines() {
    return MachineGraphs.NAMES;
  }

  @Override
  public String graph(String machine, String format) {
    return MachineGraphs.draw(machine, format);
  }

  @Override
  public LogReader logs(LogQuery query) throws ProviderFailure {
    NodeLogs from = logs;
    if (from == null) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "the node is starting; ask again");
    }
    return from.open(query);
  }

  @Override
  public Subscription watch(PodListener listener) {
    return status.watch(listener);
  }

  @Override
  public boolean stop(String nameOrUid, Duration grace) {
    PodDispatcher to = dispatcher;
    return to != null && pod(nameOrUid).filter(pod -> to.hold(pod.uid(), grace, false)).isPresent();
  }

  @Override
  public boolean hold(String nameOrUid, Duration grace) {
    PodDispatcher to = dispatcher;
    return to != null && pod(nameOrUid).filter(pod -> to.hold(pod.uid(), grace, true)).isPresent();
  }

  @Override
  public boolean release(String nameOrUid) {
    PodDispatcher to = dispatcher;
    return to != null && pod(nameOrUid).filter(pod -> to.release(pod.uid())).isPresent();
  }

  @Override
  public List<PodUsageView> usage() {
    return room.usage(pods());
  }

  @Override
  public Optional<NodeUsageView> nodeUsage() {
    return room.machineUsage();
  }

  @Override
  public List<EventView> events(String nameOrUid) {
    PodDispatcher of = dispatcher;
    return of == null ? List.of() : pod(nameOrUid).map(pod -> of.events(pod.uid())).orElse(List.of());
  }

  @Override
  public String debug(String nameOrUid, DebugContainer container) throws AdminFailure, InterruptedException {
    PodDispatcher to = dispatcher;
    Optional<PodView> pod = pod(nameOrUid);
    if (to == null || pod.isEmpty()) {
      throw new AdminFailure("no pod '" + nameOrUid + "'; pod:list shows those there are");
    }
    return to.debug(pod.get().uid(), container);
  }
}
