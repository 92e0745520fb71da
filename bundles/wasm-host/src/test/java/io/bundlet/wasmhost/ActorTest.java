package io.bundlet.wasmhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Stop;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.api.wasm.FunctionImport;
import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.GuestCalls;
import io.bundlet.api.wasm.GuestContext;
import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.GuestProtocol;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.RequestFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ActorTest {
  private static final Duration LONG = Duration.ofSeconds(120);
  private static final FunctionType NOTHING_TO_INT = new FunctionType(List.of(), List.of("i32"));

  /**
   * A protocol whose requests call the export of the operation's name, and whose one host function gives its version.
   */
  private static final class Echo implements GuestProtocol {
    final int version;
    final AtomicInteger opened = new AtomicInteger();
    volatile boolean rebindable = true;

    Echo(int version) {
      this.version = version;
    }

    @Override
    public Map<String, FunctionType> functions() {
      return Map.of("version", NOTHING_TO_INT);
    }

    @Override
    public boolean rebindable() {
      return rebindable;
    }

    @Override
    public void call(String function, GuestContext guest, GuestMemory memory, long[] args, long[] results) {
      results[0] = version;
      guest.attributes().put("answer", "from " + version);
    }

    @Override
    public void open(GuestContext guest, GuestCalls calls) throws GuestTrap {
      opened.incrementAndGet();
      if (calls.exports("init")) {
        calls.call("init", new long[0], new long[0]);
      }
    }

    @Override
    public byte[] request(GuestContext guest, GuestCalls calls, String operation, byte[] payload)
        throws GuestTrap, RequestFailure {
      if (!calls.exports(operation)) {
        throw new RequestFailure("no " + operation);
      }
      guest.attributes().put("answer", new String(payload, StandardCharsets.UTF_8));
      calls.call(operation, new long[0], new long[0]);
      return guest.attributes().get("answer").toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  @TempDir Path directory;
  private HostRig rig;
  private final Echo echo = new Echo(1);
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeEach
  void start() {
    rig = new HostRig(directory);
    rig.host.addModule("echo", echo, 0, 10);
    rig.engine.modules.put(
        "actor.wasm",
        new FakeEngine.Module(
            List.of(new FunctionImport("echo", "version", NOTHING_TO_INT)),
            Map.of(
                "echo", guest -> {},
                "trap", guest -> {
                  throw GuestTrap.trap("unreachable");
                },
                "over", guest -> {
                  throw GuestTrap.outOfMemory(1 << 20, "wasm trap: unreachable", null);
                },
                "spin", FakeEngine.Running::spin,
                "version", guest -> guest.callHost("echo.version"),
                "wait", guest -> {
                  inside.countDown();
                  goOn.await();
                  guest.callHost("echo.version");
                })));
  }

  @AfterEach
  void stop() {
    goOn.countDown();
    callers.shutdownNow();
    rig.close();
  }

  private ContainerId actor() throws Exception {
    ContainerId id =
        rig.host.createContainer(
            rig.sandbox(),
            HostRig.config("main"),
            HostRig.actor("actor.wasm", "echo", Map.of("bundlet:line", Map.of("port", "7000"))));
    rig.host.startContainer(id);
    return id;
  }

  private String ask(ContainerId id, String operation, Duration limit) throws RequestFailure {
    return new String(
        rig.host.request(id, operation, "payload".getBytes(StandardCharsets.UTF_8), limit), StandardCharsets.UTF_8);
  }

  @Test
  void answersRequests() throws Exception {
    ContainerId id = actor();
    assertEquals("payload", ask(id, "echo", LONG));
    assertEquals("from 1", ask(id, "version", LONG));
    RequestFailure no = assertThrows(RequestFailure.class, () -> ask(id, "dance", LONG));
    assertEquals("no dance", no.getMessage());
    assertEquals(1, echo.opened.get());
  }

  @Test
  void hasANewInstanceAfterATrap() throws Exception {
    ContainerId id = actor();
    RequestFailure trapped = assertThrows(RequestFailure.class, () -> ask(id, "trap", LONG));
    assertTrue(trapped.getMessage().contains("unreachable"), trapped.getMessage());
    assertEquals("payload", ask(id, "echo", LONG));
    assertEquals(2, echo.opened.get());
    assertEquals(1, rig.engine.openInstances.get());
  }

  @Test
  void aRequestOverTheLimitOfMemoryEndsTheContainer() throws Exception {
    ContainerId id = actor();
    RequestFailure over = assertThrows(RequestFailure.class, () -> ask(id, "over", LONG));
    assertTrue(over.getMessage().contains("over its limit of memory"), over.getMessage());
    assertEquals("137 OOMKilled", rig.exit(id).code() + " " + rig.exit(id).reason());
    HostRig.until(() -> rig.engine.openInstances.get() == 0);
  }

  @Test
  void aSpinningRequestFailsAtItsLimitAndTheNextIsServed() throws Exception {
    ContainerId id = actor();
    RequestFailure slow = assertThrows(RequestFailure.class, () -> ask(id, "spin", Duration.ofMillis(50)));
    assertTrue(slow.getMessage().contains("did not answer within 50 ms"), slow.getMessage());
    assertEquals("payload", ask(id, "echo", LONG));
    assertEquals(1, rig.engine.openInstances.get());
  }

  @Test
  void noMoreThan64RequestsWait() throws Exception {
    ContainerId id = actor();
    List<Future<String>> asked = new ArrayList<>();
    asked.add(callers.submit(() -> ask(id, "wait", LONG)));
    inside.await();
    List<String> refused = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 65; i++) {
      asked.add(callers.submit(() -> askOrRefuse(id, refused)));
    }
    HostRig.until(() -> !refused.isEmpty());
    goOn.countDown();
    for (Future<String> one : asked) {
      one.get();
    }
    assertEquals(1, refused.size());
    assertTrue(refused.getFirst().contains("64 requests wait already"), refused.getFirst());
  }

  private String askOrRefuse(ContainerId id, List<String> refused) {
    try {
      return ask(id, "echo", LONG);
    } catch (RequestFailure e) {
      refused.add(e.getMessage());
      return "refused";
    }
  }

  @Test
  void aRequestWaitsForAProtocolThatIsExchanged() throws Exception {
    ContainerId id = actor();
    rig.host.removeModule("echo", echo);
    Future<String> answer = callers.submit(() -> ask(id, "version", LONG));
    Echo next = new Echo(2);
    rig.host.addModule("echo", next, 0, 11);
    assertEquals("from 2", answer.get());
    assertEquals(0, next.opened.get());
    assertEquals(1, rig.engine.instantiated.get());
  }

  @Test
  void aRequestWithoutAProtocolFailsAtItsLimit() throws Exception {
    ContainerId id = actor();
    rig.host.removeModule("echo", echo);
    assertThrows(RequestFailure.class, () -> ask(id, "echo", Duration.ofMillis(50)));
    rig.host.addModule("echo", new Echo(2), 0, 11);
    assertEquals("payload", ask(id, "echo", LONG));
  }

  @Test
  void removingAProtocolWaitsForTheCallInsideWhichMayStillCallIt() throws Exception {
    ContainerId id = actor();
    Future<String> answer = callers.submit(() -> ask(id, "wait", LONG));
    inside.await();
    Future<?> removal = callers.submit(() -> rig.host.removeModule("echo", echo));
    HostRig.until(() -> !isHere("echo"));
    assertTrue(!removal.isDone());
    goOn.countDown();
    removal.get();
    assertEquals("from 1", answer.get());
  }

  private boolean isHere(String protocol) throws Exception {
    // A module that is in use is found by a create that needs it.
    try {
      rig.host.createContainer(
          rig.sandbox(), HostRig.config("main"), HostRig.actor("actor.wasm", protocol, Map.of()));
      return true;
    } catch (ProviderFailure e) {
      return false;
    }
  }

  @Test
  void aModuleThatCannotBeExchangedEndsItsGuests() throws Exception {
    ContainerId id = actor();
    echo.rebindable = false;
    rig.host.removeModule("echo", echo);
    assertEquals("RuntimeUpgraded", rig.exit(id).reason());
  }

  @Test
  void aGracefulStopFinishesTheRequestInProgress() throws Exception {
    ContainerId id = actor();
    Future<String> answer = callers.submit(() -> ask(id, "wait", LONG));
    inside.await();
    Future<?> stopped =
        callers.submit(
            () -> {
              rig.host.stopContainer(id, new Stop(Duration.ofMinutes(1), "deleted"));
              return null;
            });
    HostRig.until(() -> rig.host.bindings("bundlet:line").isEmpty());
    goOn.countDown();
    stopped.get();
    assertEquals("from 1", answer.get());
    assertEquals(0, rig.exit(id).code());
    assertThrows(RequestFailure.class, () -> ask(id, "echo", LONG));
  }

  @Test
  void bindingsAreToldAsActorsComeAndGo() throws Exception {
    AtomicInteger told = new AtomicInteger();
    Subscription subscription = rig.host.onBindings("bundlet:line", told::incrementAndGet);
    ContainerId id = actor();
    assertEquals("7000", rig.host.bindings("bundlet:line").getFirst().values().get("port"));
    HostRig.until(() -> told.get() > 0);
    int before = told.get();
    rig.host.stopContainer(id, Stop.now("deleted"));
    assertTrue(rig.host.bindings("bundlet:line").isEmpty());
    HostRig.until(() -> told.get() > before);
    subscription.close();
  }

  @Test
  void anActorWithoutItsProtocolIsUnavailable() throws Exception {
    assertTrue(!isHere("wapc"));
  }
}
