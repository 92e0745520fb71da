package io.bundlet.manifests.pod;

import io.bundlet.manifests.model.Findings;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.PodDNSConfig;
import io.fabric8.kubernetes.api.model.PodDNSConfigOption;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.net.Inet6Address;
import java.util.List;
import java.util.regex.Pattern;

/** What an API server would refuse in how a pod is called and looks names up. */
final class NameChecks {
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");
  private static final int SERVERS = 3;
  private static final int SEARCHES = 32;
  private static final int SEARCH_CHARACTERS = 2048;
  private static final int HOST_NAME = 64;

  private final Findings findings;

  NameChecks(Findings findings) {
    this.findings = findings;
  }

  void check(PodSpec spec) {
    Names.oneOf(spec.getDnsPolicy(), List.of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
        "spec.dnsPolicy", findings);
    if (spec.getHostname() != null) {
      Names.label(spec.getHostname(), "spec.hostname", findings);
    }
    if (spec.getSubdomain() != null) {
      Names.label(spec.getSubdomain(), "spec.subdomain", findings);
    }
    if (spec.getHostnameOverride() != null) {
      override(spec);
    }
    aliases(spec.getHostAliases());
    dns(spec);
  }

  private void override(PodSpec spec) {
    String at = "spec.hostnameOverride";
    Names.subdomain(spec.getHostnameOverride(), at, findings);
    if (spec.getHostnameOverride().length() > HOST_NAME) {
      findings.add(at, "is longer than " + HOST_NAME + " characters, which is all that Linux keeps; shorten it");
    }
    if (Boolean.TRUE.equals(spec.getSetHostnameAsFQDN())) {
      findings.add(at, "cannot go with setHostnameAsFQDN: true; remove one");
    }
    if (Boolean.TRUE.equals(spec.getHostNetwork())) {
      findings.add(at, "cannot go with hostNetwork: true, where the host's name is used; remove one");
    }
  }

  private void aliases(List<HostAlias> aliases) {
    for (int i = 0; i < aliases.size(); i++) {
      HostAlias alias = aliases.get(i);
      String at = "spec.hostAliases[" + i + "]";
      if (Names.present(alias.getIp(), at + ".ip", "192.0.2.1", findings)) {
        address(alias.getIp(), at + ".ip");
      }
      for (int j = 0; j < alias.getHostnames().size(); j++) {
        Names.subdomain(alias.getHostnames().get(j), at + ".hostnames[" + j + "]", findings);
      }
    }
  }

  private void address(String ip, String at) {
    if (!IPV4.matcher(ip).matches() && !six(ip)) {
      findings.add(at, Names.shown(ip) + " is no IP address; write one such as 192.0.2.1 or 2001:db8::1");
    }
  }

  private static boolean six(String ip) {
    try {
      return IPV6.matcher(ip).matches() && ip.indexOf(':') >= 0 && Inet6Address.ofLiteral(ip) != null;
    } catch (IllegalArgumentException noAddress) {
      return false;
    }
  }

  private void dns(PodSpec spec) {
    String at = "spec.dnsConfig";
    PodDNSConfig config = spec.getDnsConfig();
    if ("None".equals(spec.getDnsPolicy()) && (config == null || config.getNameservers().isEmpty())) {
      findings.add(at + ".nameservers", "is missing; dnsPolicy None needs at least one");
    }
    if (config == null) {
      return;
    }
    if (config.getNameservers().size() > SERVERS) {
      findings.add(at + ".nameservers", "has more than " + SERVERS + " elements; resolvers read no more");
    }
    for (int i = 0; i < config.getNameservers().size(); i++) {
      address(config.getNameservers().get(i), at + ".nameservers[" + i + "]");
    }
    if (config.getSearches().size() > SEARCHES) {
      findings.add(at + ".searches", "has more than " + SEARCHES + " elements");
    }
    if (String.join(" ", config.getSearches()).length() > SEARCH_CHARACTERS) {
      findings.add(at + ".searches", "has more than " + SEARCH_CHARACTERS + " characters");
    }
    for (int i = 0; i < config.getSearches().size(); i++) {
      String search = config.getSearches().get(i);
      if (!search.equals(".")) {
        // Names of services that are no host names begin with an underscore.
        Names.subdomain(search.replaceFirst("\\.$", "").replace('_', 'x'), at + ".searches[" + i + "]", findings);
      }
    }
    for (int i = 0; i < config.getOptions().size(); i++) {
      PodDNSConfigOption option = config.getOptions().get(i);
      Names.present(option.getName(), at + ".options[" + i + "].name", "ndots", findings);
    }
  }
}
