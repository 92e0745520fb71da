package io.bundlet.core.usage;

import io.bundlet.api.runtime.ContainerStats;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeProvider;
import io.bundlet.api.runtime.StatsPart;
import io.bundlet.core.inbox.ChildCall;
import io.bundlet.core.inbox.Inbox;
import io.bundlet.core.provider.ProviderHandle;
import io.bundlet.core.provider.ProviderRegistry;
import io.bundlet.core.time.NodeTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the runtimes tell of their containers. */
public final class RuntimeStats extends Inbox {
  private static final Logger LOG = LoggerFactory.getLogger(RuntimeStats.class);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** What was told of a container, when, and what it came to. */
  private record Sample(ContainerStats stats, long atNanos, ContainerUse use) {}

  private final NodeTime time;
  private final ProviderRegistry providers;
  private final Owner owner;
  private final Map<String, Map<String, Sample>> byProvider = new ConcurrentHashMap<>();

  public RuntimeStats(NodeTime time, ProviderRegistry providers, Owner owner) {
    super(time);
    this.time = time;
    this.providers = providers;
    this.owner = owner;
  }

  /** Asks all of these at the same time; those that do not answer in time keep their numbers of before. */
  void look(Set<String> names) throws InterruptedException {
    byProvider.keySet().retainAll(names);
    Map<String, ChildCall<List<ContainerStats>>> calls = new HashMap<>();
    for (String name : names) {
      Optional<ProviderHandle> handle = providers.named(name).filter(ProviderHandle::ready);
      handle.ifPresent(ready -> calls.put(name, ready.call("stats", this::ask, this::nudge)));
    }
    try {
      await(() -> calls.values().stream().allMatch(ChildCall::done), time.after(LIMIT));
    } finally {
      calls.values().stream().filter(call -> !call.done()).forEach(ChildCall::cancel);
    }
    calls.forEach(this::take);
  }

  /** What a provider without the part tells is nothing. */
  private List<ContainerStats> ask(RuntimeProvider provider) throws ProviderFailure {
    Optional<StatsPart> part = provider.part(StatsPart.class);
    return part.isPresent() ? part.get().stats(owner) : List.of();
  }

  private void take(String name, ChildCall<List<ContainerStats>> call) {
    try {
      if (!call.done()) {
        LOG.debug("the runtime provider {} does not say in time what its containers use", name);
        return;
      }
      Map<String, Sample> before = byProvider.getOrDefault(name, Map.of());
      Map<String, Sample> now = new HashMap<>();
      for (ContainerStats one : call.result()) {
        String id = one.container().value();
        now.put(id, sample(one, before.get(id)));
      }
      byProvider.put(name, Map.copyOf(now));
    } catch (ProviderFailure failed) {
      LOG.debug("the runtime provider {} does not say what its containers use: {}", name, failed.getMessage());
    }
  }

  private Sample sample(ContainerStats stats, Sample before) {
    long now = time.nanos();
    OptionalLong rate = OptionalLong.empty();
    if (before != null && stats.cpuNanos().isPresent() && before.stats.cpuNanos().isPresent()
        && now - before.atNanos > 0) {
      double used = Math.max(0, stats.cpuNanos().getAsLong() - before.stats.cpuNanos().getAsLong());
      rate = OptionalLong.of(Math.round(used / (now - before.atNanos) * 1000));
    }
    return new Sample(
        stats, now, new ContainerUse(
            time.now(), stats.cpuNanos(), rate, stats.memoryBytes(), stats.diskBytes(), stats.inodes()));
  }

  /** What was told of this container last. */
  Optional<ContainerUse> of(String provider, String id) {
    return Optional.ofNullable(byProvider.getOrDefault(provider, Map.of()).get(id)).map(Sample::use);
  }
}
