package io.bundlet.core.identity;

import io.bundlet.api.runtime.Dns;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.event.EventSink;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodDNSConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** How a pod looks names up, by its {@code dnsPolicy} and {@code dnsConfig}. */
public final class PodDns {
  private static final int MOST_SERVERS = 3;
  private static final int MOST_SEARCHES = 32;
  private static final int LONGEST_SEARCHES = 2048;
  /** Some resolvers give up on longer ones (RFC 1123). */
  private static final int LONGEST_DOMAIN = 253;
  private static final Dns NOTHING = new Dns(List.of(), List.of(), List.of());

  private final NameSettings settings;
  private final List<String> hostIps;

  /** With the settings of the node. @param hostIps the node's addresses */
  public PodDns(NameSettings settings, List<String> hostIps) {
    this.settings = settings;
    this.hostIps = hostIps;
  }

  /**
   * Reads the node's file if the pod's policy says so.
   *
   * @param events hears of a cluster that is not there, and of what does not fit
   * @throws ProviderFailure when the node's file cannot be read
   */
  public Dns of(Pod pod, EventSink events) throws ProviderFailure {
    String policy = Objects.requireNonNullElse(pod.getSpec().getDnsPolicy(), "ClusterFirst");
    boolean hostNetwork = Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
    Dns base =
        switch (policy) {
          case "None" -> NOTHING;
          case "Default" -> ofNode();
          case "ClusterFirst" -> hostNetwork ? ofNode() : ofCluster(pod, policy, events);
          default -> ofCluster(pod, policy, events);
        };
    return withinLimits(with(base, pod.getSpec().getDnsConfig()), events);
  }

  private Dns ofCluster(Pod pod, String policy, EventSink events) throws ProviderFailure {
    if (settings.clusterDns().isEmpty()) {
      events.event(
          "", EventSink.WARNING, "MissingClusterDNS",
          "the node has no cluster DNS (io.bundlet.core: cluster.dns) and cannot look names up by the policy \""
          + policy
              + "\"; falling back to the policy \"Default\"");
      return ofNode();
    }
    List<String> searches = settings.resolvConf().isPresent() ? ofNode().searches() : List.of();
    String domain = settings.clusterDomain();
    Stream<String> ofCluster =
        domain.isEmpty()
            ? Stream.of()
            : Stream.of(pod.getMetadata().getNamespace() + ".svc." + domain, "svc." + domain, domain);
    return new Dns(
        settings.clusterDns(), Stream.concat(ofCluster, searches.stream()).distinct().toList(), List.of("ndots:5"));
  }

  /** Without a file of the node, pods ask whoever answers in their own network, and complete no names. */
  private Dns ofNode() throws ProviderFailure {
    if (settings.resolvConf().isPresent()) {
      return ResolvConf.read(settings.resolvConf().get());
    }
    List<String> servers = hostIps.stream().map(ip -> ip.indexOf(':') >= 0 ? "::1" : "127.0.0.1").distinct().toList();
    return new Dns(servers.isEmpty() ? List.of("127.0.0.1") : servers, List.of("."), List.of());
  }

  private static Dns with(Dns base, PodDNSConfig wanted) {
    if (wanted == null) {
      return base;
    }
    Map<String, String> options = new LinkedHashMap<>();
    for (String option : base.options()) {
      int colon = option.indexOf(':');
      options.put(colon < 0 ? option : option.substring(0, colon), colon < 0 ? "" : option.substring(colon + 1));
    }
    wanted.getOptions().forEach(option -> options.put(option.getName(), Objects.toString(option.getValue(), "")));
    return new Dns(
        Stream.concat(base.servers().stream(), wanted.getNameservers().stream()).distinct().toList(),
        Stream.concat(base.searches().stream(), wanted.getSearches().stream()).distinct().toList(),
        options.entrySet().stream()
            .map(option -> option.getValue().isEmpty() ? option.getKey() : option.getKey() + ":" + option.getValue())
            .toList());
  }

  private static Dns withinLimits(Dns dns, EventSink events) {
    List<String> servers = dns.servers().stream().limit(MOST_SERVERS).toList();
    if (servers.size() < dns.servers().size()) {
      events.event(
          "", EventSink.WARNING, "DNSConfigForming",
          "Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: "
              + String.join(" ", servers));
    }
    List<String> searches = new ArrayList<>();
    int length = -1;
    for (String search : dns.searches().stream().limit(MOST_SEARCHES).toList()) {
      if (search.length() > LONGEST_DOMAIN) {
        continue;
      }
      if (length + 1 + search.length() > LONGEST_SEARCHES) {
        break;
      }
      searches.add(search);
      length += 1 + search.length();
    }
    if (searches.size() < dns.searches().size()) {
      events.event(
          "", EventSink.WARNING, "DNSConfigForming",
          "Search Line limits were exceeded, some search paths have been omitted, the applied search line is: "
              + String.join(" ", searches));
    }
    return new Dns(servers, searches, dns.options());
  }
}
