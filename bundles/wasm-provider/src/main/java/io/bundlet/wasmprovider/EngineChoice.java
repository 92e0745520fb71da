package io.bundlet.wasmprovider;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.wasm.EngineState;
import io.bundlet.sections.Needs;
import io.bundlet.sections.Proposal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which engine runs a module: the one that the pod asks for, else the configured one, else any other that has what the
 * module needs. What cannot be told from the module's bytes is for the engine to say. Any thread.
 */
final class EngineChoice {
  /** What an engine lacks whose own WASI is given none: in messages only. */
  private static final String SOCKETS = "sockets";
  private static final List<String> WASI = List.of(EngineState.PREVIEW1, EngineState.PREVIEW0);

  /** What a guest needs: its module, and what its pod asks for. */
  private record Wanted(Needs module, boolean sockets) {}

  /** All engines that were ever here, with all WASI that they had: who is gone may be exchanged and come back. */
  private final Map<String, EngineState> seen = new HashMap<>();

  /**
   * Chooses.
   *
   * @param who container and module, for messages
   * @param asked the engine that the pod asks for
   * @param usual the configured engine
   * @param sockets whether the guest is to have sockets, which WASI of the node's host modules has
   * @param present the engines of now; a host module that has offered WASI to one is waited for by who makes the guest
   * @return an engine's name; one that is not here when it is the asked or usual one, which may come
   * @throws ProviderFailure {@link ProviderFailure#INVALID} when none can run it; {@link ProviderFailure#UNAVAILABLE}
   *     when one could that was here and is not now
   */
  String choose(
      String who, Optional<String> asked, String usual, Needs needs, boolean sockets, List<EngineState> present)
      throws ProviderFailure {
    return choose(who, asked, usual, new Wanted(needs, sockets), present);
  }

  private String choose(String who, Optional<String> asked, String usual, Wanted needs, List<EngineState> present)
      throws ProviderFailure {
    List<EngineState> here = remember(present);
    String first = asked.orElse(usual);
    Optional<EngineState> preferred = here.stream().filter(engine -> engine.info().name().equals(first)).findFirst();
    Optional<String> other =
        here.stream().filter(engine -> lacks(engine, needs).isEmpty()).map(engine -> engine.info().name()).findFirst();
    if (preferred.isEmpty() && asked.isEmpty() && needs.sockets && other.isPresent()) {
      return other.get(); // the usual one may never come, and may never have sockets
    }
    if (preferred.isEmpty() || lacks(preferred.get(), needs).isEmpty()) {
      return first;
    }
    if (asked.isPresent()) {
      throw ProviderFailure.of(ProviderFailure.INVALID, who + " needs " + words(lacks(preferred.get(), needs))
          + ", which the engine " + first + " lacks that the annotation " + Defaults.ENGINE + " asks for; "
          + other.map(name -> "remove the annotation, or ask for " + name).orElseGet(
              () -> "no other engine here can run it either: " + lacking(here, needs)));
    }
    if (other.isPresent()) {
      return other.get();
    }
    Optional<String> gone = gone(needs);
    if (gone.isPresent()) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE,
          who + ": the engine " + gone.get() + " could run it and is not there now");
    }
    throw ProviderFailure.of(ProviderFailure.INVALID, who + " needs what no engine on this node has all of: "
        + lacking(here, needs) + "; build it without, or install an engine or host module that has it");
  }

  private synchronized List<EngineState> remember(List<EngineState> present) {
    return present.stream().map(engine -> seen.merge(engine.info().name(), engine, EngineChoice::both)).toList();
  }

  private static EngineState both(EngineState before, EngineState now) {
    Set<String> wasi = new HashSet<>(before.wasi());
    wasi.addAll(now.wasi());
    return new EngineState(now.info(), wasi, now.guests());
  }

  private synchronized Optional<String> gone(Wanted needs) {
    return seen.values().stream()
        .filter(engine -> lacks(engine, needs).isEmpty())
        .map(engine -> engine.info().name())
        .min(Comparator.naturalOrder());
  }

  private static String lacking(List<EngineState> engines, Wanted needs) {
    return engines.stream()
        .map(engine -> engine.info().name() + " lacks " + words(lacks(engine, needs)))
        .collect(Collectors.joining("; "));
  }

  private static List<String> lacks(EngineState engine, Wanted needs) {
    List<String> lacks = new ArrayList<>();
    for (Proposal proposal : needs.module.proposals()) {
      if (!engine.info().features().contains(proposal.word())) {
        lacks.add(proposal.word());
      }
    }
    for (String wasi : WASI) {
      if (needs.module.imports().contains(wasi) && !engine.wasi().contains(wasi)) {
        lacks.add(wasi);
      }
    }
    if (needs.sockets && (engine.info().nativeWasi() || engine.wasi().isEmpty())) {
      lacks.add(SOCKETS);
    }
    return lacks;
  }

  private static String words(List<String> lacks) {
    return lacks.size() == 1
        ? lacks.getFirst()
        : String.join(", ", lacks.subList(0, lacks.size() - 1)) + " and " + lacks.getLast();
  }
}
