package io.bundlet.wasmhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.cgroup.ControlGroups;
import io.bundlet.api.cgroup.GroupSupport;
import io.bundlet.api.cgroup.PodGroup;
import io.bundlet.api.runtime.ContainerId;
import io.bundlet.api.runtime.Exit;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Resources;
import io.bundlet.api.runtime.Stop;
import io.bundlet.api.wasm.GuestTrap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests' threads are put under their limits and let go of; who is over his limit of memory has been ended for it. */
class CpuGroupsTest {
  @TempDir Path directory;
  private HostRig rig;

  @BeforeEach
  void begin() {
    rig = new HostRig(directory);
  }

  @AfterEach
  void end() {
    rig.close();
  }

  /** Writes down who is where. */
  private static final class FakeGroups implements ControlGroups {
    final Map<Long, String> lives = new ConcurrentHashMap<>();
    final List<String> left = new CopyOnWriteArrayList<>();
    volatile boolean refuses;

    @Override
    public GroupSupport support() {
      return new GroupSupport("", "");
    }

    @Override
    public String makePod(PodGroup pod) {
      throw new AssertionError("guests have no groups of processes");
    }

    @Override
    public void join(PodGroup pod, String container, Resources limits, long thread) throws ProviderFailure {
      if (refuses) {
        throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "the kernel refuses");
      }
      lives.put(thread, pod.pod().uid() + "/" + container + " " + limits.cpuLimitMillis());
    }

    @Override
    public void leave(PodGroup pod, String container, long thread) {
      left.add(lives.remove(thread));
    }

    @Override
    public boolean removePod(Owner owner, String podUid) {
      return true;
    }

    @Override
    public Set<String> pods(Owner owner) {
      return Set.of();
    }
  }

  private ContainerId spinning(List<Long> numbers) throws Exception {
    return rig.run("spin.wasm", guest -> {
      numbers.add(Long.parseLong(Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString()));
      guest.spin();
    });
  }

  @Test
  void aGuestsThreadIsInItsGroupWhileItsCodeRuns() throws Exception {
    FakeGroups groups = new FakeGroups();
    rig.host.addGroups(groups);
    List<Long> numbers = new CopyOnWriteArrayList<>();
    ContainerId id = spinning(numbers);
    HostRig.until(() -> !numbers.isEmpty());
    assertEquals(Map.of(numbers.getFirst(), "uid-pod0/" + id.value() + " 0"), groups.lives);
    rig.host.stopContainer(id, Stop.now("test"));
    HostRig.until(() -> groups.left.equals(List.of("uid-pod0/" + id.value() + " 0")));
    assertEquals(Map.of(), groups.lives);
  }

  @Test
  void whoComesLaterTakesOverThoseThatRun() throws Exception {
    List<Long> numbers = new ArrayList<>();
    ContainerId id = spinning(numbers);
    FakeGroups first = new FakeGroups();
    rig.host.addGroups(first);
    HostRig.until(() -> first.lives.size() == 1);
    FakeGroups second = new FakeGroups();
    rig.host.addGroups(second);
    rig.host.removeGroups(first);
    HostRig.until(() -> second.lives.size() == 1);
    rig.host.stopContainer(id, Stop.now("test"));
    HostRig.until(() -> second.left.size() == 1);
    assertEquals(List.of(), first.left);
  }

  @Test
  void guestsRunWhenNoGroupCanBeMade() throws Exception {
    FakeGroups groups = new FakeGroups();
    groups.refuses = true;
    rig.host.addGroups(groups);
    assertEquals(0, rig.exit(rig.run("quick.wasm", guest -> guest.print("hello\n"))).code());
  }

  @Test
  void aGuestOverItsLimitOfMemoryIsOomKilled() throws Exception {
    Exit exit = rig.exit(rig.run("over.wasm", guest -> {
      throw GuestTrap.outOfMemory(64 << 20, "wasm trap: unreachable", null);
    }));
    assertEquals(137, exit.code());
    assertEquals("OOMKilled", exit.reason());
    assertTrue(exit.message().contains("limit of 65536 KiB"), exit.message());
  }
}
