package org.example.notices;

import io.bundlet.statemachine.Machine;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of all notices, and runs a machine for each of this node's: one virtual thread each, by uid. The client is a
 * static reference: when it is exchanged, this component begins anew, which costs a look at each notice and nothing
 * else.
 */
@Component(service = {}, immediate = true)
public final class NoticeController {
  /** More notices of one node are not begun before others have gone. */
  private static final int MOST = 1000;
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
  private static final Duration END = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(NoticeController.class);

  /** A machine's thread, and what it knows. */
  private record Running(NoticeWork work, Thread thread) {}

  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
  private final AtomicBoolean full = new AtomicBoolean();
  private final KubernetesClient client;
  private final Board board;
  private final Machine<NoticeWork, NoticeFailure, Departure> machine;
  private final Thread beginning;
  private boolean stopped;

  /** Begins to hear, and returns at once. */
  @Activate
  public NoticeController(
      @Reference(service = KubernetesClient.class, target = "(bundlet.client=controllers)")
      Map.Entry<Map<String, Object>, KubernetesClient> service) {
    client = service.getValue();
    board = new ClusterBoard(client, String.valueOf(service.getKey().get("bundlet.node.name")));
    machine = machine();
    beginning = Thread.ofVirtual().name("notices").start(this::begin);
  }

  static Machine<NoticeWork, NoticeFailure, Departure> machine() {
    return new Machine<>(NoticeFailure.class, NoticeController::defect, NoticeWork::departure,
        (work, state) -> LOG.debug("{} is {}", work.notice(), state));
  }

  private static NoticeFailure defect(Throwable unexpected) {
    LOG.error("A mistake in the controller of notices.", unexpected);
    return new NoticeFailure("the controller has made a mistake: " + unexpected);
  }

  private void begin() {
    SharedIndexInformer<Notice> notices =
        informer(client.resources(Notice.class).inAnyNamespace(), new ResourceEventHandler<>() {
          @Override
          public void onAdd(Notice notice) {
            heard(notice);
          }

          @Override
          public void onUpdate(Notice before, Notice notice) {
            heard(notice);
          }

          @Override
          public void onDelete(Notice notice, boolean unseen) {
            gone(notice.uid());
          }
        });
    SharedIndexInformer<ConfigMap> posted =
        informer(client.configMaps().inAnyNamespace().withLabel(ClusterBoard.LABEL), new ResourceEventHandler<>() {
          @Override
          public void onAdd(ConfigMap map) {
            // by us, or it was there before
          }

          @Override
          public void onUpdate(ConfigMap before, ConfigMap map) {
            disturbed(map);
          }

          @Override
          public void onDelete(ConfigMap map, boolean unseen) {
            disturbed(map);
          }
        });
    synchronized (informers) {
      if (!stopped) {
        informers.addAll(List.of(notices, posted));
        informers.forEach(SharedIndexInformer::start);
      }
    }
  }

  private static <T extends HasMetadata> SharedIndexInformer<T> informer(
      Informable<T> what, ResourceEventHandler<T> handler) {
    // Without the handler of exceptions an informer whose first list fails gives up.
    return what.runnableInformer(0).exceptionHandler((started, thrown) -> true).addEventHandler(handler);
  }

  /** Never blocks: who tells it tells one thing after another. */
  private void heard(Notice notice) {
    Running known = running.get(notice.uid());
    if (known != null) {
      known.work().heard(notice);
    } else if (!board.node().equals(notice.node())) {
      LOG.debug("{} is of the node {}.", notice, notice.node());
    } else if (running.size() < MOST) {
      NoticeWork work = new NoticeWork(notice, board, FIRST_WAIT, LONGEST_WAIT);
      Thread thread = Thread.ofVirtual().name(notice.toString()).unstarted(() -> run(notice.uid(), work));
      running.put(notice.uid(), new Running(work, thread));
      thread.start();
    } else if (full.compareAndSet(false, true)) {
      LOG.warn("There are more than {} notices of this node; the others wait until one goes.", MOST);
    }
  }

  private void gone(String uid) {
    Running known = running.get(uid);
    if (known != null) {
      known.work().gone();
      forget(uid);
    }
  }

  private void disturbed(ConfigMap map) {
    ClusterBoard.owner(map).map(running::get).ifPresent(known -> known.work().disturbed());
  }

  private void run(String uid, NoticeWork work) {
    try {
      machine.run(new Claiming(), work);
      work.ended();
      forget(uid);
    } catch (InterruptedException e) {
      LOG.debug("{} is left as it is.", work.notice());
    }
  }

  /** Only when it has gone, too: what was on its way about it must not begin it anew. */
  private void forget(String uid) {
    if (running.computeIfPresent(uid, (key, known) -> known.work().over() ? null : known) == null
        && full.compareAndSet(true, false)) {
      offerAll();
    }
  }

  private void offerAll() {
    synchronized (informers) {
      if (!stopped) {
        informers.getFirst().getStore().list().forEach(each -> heard((Notice) each));
      }
    }
  }

  /** Leaves everything in the cluster as it is; takes seconds at most. */
  @Deactivate
  void stop() {
    beginning.interrupt();
    synchronized (informers) {
      stopped = true;
      informers.forEach(SharedIndexInformer::close);
    }
    running.values().forEach(each -> each.thread().interrupt());
    long end = System.nanoTime() + END.toNanos();
    try {
      for (Running each : running.values()) {
        each.thread().join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
