package io.bundlet.cri.provider;

import io.bundlet.api.runtime.ContainerStatus;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeSnapshot;
import io.bundlet.api.runtime.SandboxStatus;
import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.PodSandbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything of one owner, with full statuses as far as they can be had. One sandbox or container of which the runtime
 * cannot tell, or does not in time, hides no other and holds up nobody: it is listed as the list shows it. A list that
 * leaves out what is there counts for nothing, because what is not listed is taken for gone.
 */
final class Listing {
  private static final Logger LOG = LoggerFactory.getLogger(Listing.class);
  private static final Duration STATUS_LIMIT = Duration.ofSeconds(5);

  private final Inventory runtime;
  private final Seen seen;
  private final Owner owner;

  Listing(Inventory runtime, Seen seen, Owner owner) {
    this.runtime = runtime;
    this.seen = seen;
    this.owner = owner;
  }

  RuntimeSnapshot all() throws ProviderFailure {
    List<Container> containers = runtime.containers(Inventory.of(owner));
    List<PodSandbox> sandboxes = runtime.sandboxes(Inventory.of(owner));
    for (String id : seen.containersBeside(
        containers.stream().map(Container::getId).collect(Collectors.toSet()), owner)) {
      confirmGone("container " + id, !runtime.holdsContainer(id));
    }
    for (String id : seen.sandboxesBeside(
        sandboxes.stream().map(PodSandbox::getId).collect(Collectors.toSet()), owner)) {
      confirmGone("sandbox " + id, !runtime.holdsSandbox(id));
    }
    return new RuntimeSnapshot(
        statuses(sandboxes.stream().<Callable<Optional<SandboxStatus>>>map(one -> () -> status(one)).toList()),
        statuses(containers.stream().<Callable<Optional<ContainerStatus>>>map(one -> () -> status(one)).toList()));
  }

  private static void confirmGone(String what, boolean gone) throws ProviderFailure {
    if (!gone) {
      throw ProviderFailure.of(
          ProviderFailure.INTERNAL, "list: the runtime leaves out " + what + ", which it still has");
    }
  }

  private Optional<SandboxStatus> status(PodSandbox listed) throws ProviderFailure {
    Optional<SandboxStatus> known = seen.of(listed);
    if (known.isPresent()) {
      return known;
    }
    try {
      return runtime.sandboxStatus(listed.getId(), STATUS_LIMIT);
    } catch (ProviderFailure failure) {
      passOnIfLost(failure, "sandbox " + listed.getId());
      return Statuses.sandbox(listed);
    }
  }

  private Optional<ContainerStatus> status(Container listed) throws ProviderFailure {
    Optional<ContainerStatus> known = seen.of(listed);
    if (known.isPresent()) {
      return known;
    }
    try {
      return runtime.containerStatus(listed, STATUS_LIMIT);
    } catch (ProviderFailure failure) {
      passOnIfLost(failure, "container " + listed.getId());
      return Statuses.listed(listed);
    }
  }

  private static void passOnIfLost(ProviderFailure failure, String what) throws ProviderFailure {
    if (Failures.is(failure, ProviderFailure.UNAVAILABLE)) {
      throw failure;
    }
    LOG.debug("the runtime cannot tell the status of {}: {}", what, failure.getMessage());
  }

  /** Asks for all at once. */
  private static <T> List<T> statuses(List<Callable<Optional<T>>> asks) throws ProviderFailure {
    List<T> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("cri-ask").factory())) {
      List<Future<Optional<T>>> answers = asks.stream().map(threads::submit).toList();
      try {
        for (Future<Optional<T>> answer : answers) {
          answer.get().ifPresent(all::add);
        }
      } catch (ExecutionException failed) {
        threads.shutdownNow();
        if (failed.getCause() instanceof ProviderFailure failure) {
          throw failure;
        }
        throw new IllegalStateException(failed.getCause());
      } catch (InterruptedException interrupt) {
        threads.shutdownNow();
        Thread.currentThread().interrupt();
        throw ProviderFailure.outcomeUnknown(ProviderFailure.UNAVAILABLE, "list: interrupted", interrupt);
      }
    }
    return all;
  }
}
