package io.bundlet.wasmhost.guests;

import io.bundlet.api.cgroup.ControlGroups;
import io.bundlet.api.cgroup.PodGroup;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the threads of guests under their containers' limits of processor time, while somebody is here who can. When he
 * goes, threads stay as they are; when another comes, he takes over those that run.
 */
public final class CpuGroups {
  private static final Logger LOG = LoggerFactory.getLogger(CpuGroups.class);

  private final Set<Member> members = ConcurrentHashMap.newKeySet();
  private volatile ControlGroups groups;

  /** Somebody came. Returns at once. */
  public void bind(ControlGroups bound) {
    groups = bound;
    Thread.ofVirtual().name("wasm-host groups").start(() -> members.forEach(member -> member.join(bound)));
  }

  /** He goes. */
  public void unbind(ControlGroups unbound) {
    if (groups == unbound) {
      groups = null;
    }
  }

  /** Puts the calling thread under these limits. */
  Member enter(String name, PodGroup pod, String container, Resources limits) {
    Member member = new Member(name, pod, container, limits, ownNumber());
    members.add(member);
    ControlGroups now = groups;
    if (now != null) {
      member.join(now);
    }
    return member;
  }

  /** The kernel's number of the calling thread; 0 when it does not tell. */
  private static long ownNumber() {
    try {
      return Long.parseLong(Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString());
    } catch (IOException | NumberFormatException unknown) {
      LOG.warn("a guest's thread cannot be limited: the kernel does not tell its number: {}", unknown.toString());
      return 0;
    }
  }

  /** One guest's thread. */
  final class Member {
    private final String name;
    private final PodGroup pod;
    private final String container;
    private final Resources limits;
    private final long thread;
    private boolean left;

    private Member(String name, PodGroup pod, String container, Resources limits, long thread) {
      this.name = name;
      this.pod = pod;
      this.container = container;
      this.limits = limits;
      this.thread = thread;
    }

    // The lock is held during the call: were the thread to end meanwhile, another could get its number.
    private synchronized void join(ControlGroups with) {
      if (left || thread == 0) {
        return;
      }
      try {
        with.join(pod, container, limits, thread);
      } catch (ProviderFailure | RuntimeException | LinkageError failed) {
        if (limits.cpuLimitMillis() > 0) {
          LOG.warn("{}: its limit of processor time does not hold: {}", name, failed.getMessage());
        } else {
          LOG.debug("{} is in no control group: {}", name, failed.getMessage());
        }
      }
    }

    /** The calling thread is this one, and goes on with what is not the guest's. */
    synchronized void leave() {
      left = true;
      members.remove(this);
      ControlGroups now = groups;
      if (now == null || thread == 0) {
        return;
      }
      try {
        now.leave(pod, container, thread);
      } catch (ProviderFailure | RuntimeException | LinkageError failed) {
        LOG.debug("{}: its control group is removed later: {}", name, failed.getMessage());
      }
    }
  }
}
