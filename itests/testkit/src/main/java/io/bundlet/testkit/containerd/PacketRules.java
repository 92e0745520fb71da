package io.bundlet.testkit.containerd;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules that network plugins leave in the kernel's nat table, found by the network's name in their comments. */
final class PacketRules {
  private static final List<String> SHARED = List.of("CNI-HOSTPORT-DNAT", "CNI-HOSTPORT-MASQ", "CNI-HOSTPORT-SETMARK");

  private static final Pattern OF_A_POD = Pattern.compile(":(CNI-[0-9a-f]{24}) ");

  private final String network;

  PacketRules(String network) {
    this.network = network;
  }

  /** Removes this network's rules and chains, and the chains that all networks share when nothing uses them more. */
  void remove() {
    Set<String> chains = new TreeSet<>();
    for (String rule : rules()) {
      if (rule.contains("\"" + network + "\"") || rule.contains(network + "\\\"")) {
        List<String> words = words(rule);
        target(words).filter(chain -> chain.startsWith("CNI-") && !SHARED.contains(chain)).ifPresent(chains::add);
        if (words.get(1).startsWith("CNI-") && !SHARED.contains(words.get(1))) {
          chains.add(words.get(1));
        }
        delete(words);
      }
    }
    chains.forEach(PacketRules::deleteChain);
    // the marking chain is the same for all; the others hold one rule for each network that has ports of the host
    boolean used = rules().stream().anyMatch(rule -> rule.startsWith("-A CNI-HOSTPORT-DNAT "));
    if (!used) {
      for (String rule : rules()) {
        List<String> words = words(rule);
        if (target(words).filter(SHARED::contains).isPresent()) {
          delete(words);
        }
      }
      SHARED.forEach(PacketRules::deleteChain);
    }
  }

  /**
   * Chains of single pods that hold nothing and that nothing leads to. A plugin that is told twice at once that a pod
   * goes, as after the runtime was killed, may leave one; and for a moment each new chain is like that.
   */
  static Set<String> unused() {
    List<String> saved = saved();
    Set<String> chains = new TreeSet<>();
    saved.forEach(line -> {
      Matcher chain = OF_A_POD.matcher(line);
      if (chain.lookingAt()) {
        chains.add(chain.group(1));
      }
    });
    saved.stream().filter(line -> line.startsWith("-A ")).map(PacketRules::words).forEach(words -> {
      chains.remove(words.get(1));
      target(words).ifPresent(chains::remove);
    });
    return chains;
  }

  /** Removes those of these chains that are unused still. */
  static void removeUnused(Set<String> chains) {
    Set<String> still = unused();
    still.retainAll(chains);
    // which the kernel refuses for one that is used
    still.forEach(chain -> Command.run(List.of("iptables", "-t", "nat", "-X", chain)));
  }

  private static List<String> rules() {
    return saved().stream().filter(line -> line.startsWith("-A ")).toList();
  }

  private static List<String> saved() {
    Command.Result saved = Command.run(List.of("iptables-save", "-t", "nat"));
    return saved.code() == 0 ? saved.output().lines().toList() : List.of();
  }

  private static void delete(List<String> rule) {
    List<String> command = new ArrayList<>(List.of("iptables", "-t", "nat", "-D"));
    command.addAll(rule.subList(1, rule.size()));
    Command.run(command);
  }

  private static void deleteChain(String chain) {
    Command.run(List.of("iptables", "-t", "nat", "-F", chain));
    Command.run(List.of("iptables", "-t", "nat", "-X", chain));
  }

  private static Optional<String> target(List<String> words) {
    int jump = words.indexOf("-j");
    return jump >= 0 && jump + 1 < words.size()
        ? Optional.of(words.get(jump + 1)) : Optional.empty();
  }

  /** The words of a saved rule, which quotes those with spaces and escapes quotes in them. */
  static List<String> words(String rule) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    boolean escaped = false;
    for (char c : rule.toCharArray()) {
      if (escaped || c != '\\' && c != '"' && (quoted || c != ' ')) {
        word.append(c);
        escaped = false;
      } else if (c == '\\') {
        escaped = true;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
      }
    }
    words.add(word.toString());
    return words;
  }
}
