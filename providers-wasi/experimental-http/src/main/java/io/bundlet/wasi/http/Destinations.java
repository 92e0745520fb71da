package io.bundlet.wasi.http;

import java.net.IDN;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The hosts that a guest may reach. Each entry of the list is a URL of which only the host counts; a host is equal or
 * it is another one: there are no patterns.
 *
 * @param hosts their names or addresses, each in its one form
 * @param readable whether all entries could be read; if not, no URL is good
 */
record Destinations(Set<String> hosts, boolean readable) {
  Destinations {
    hosts = Set.copyOf(hosts);
  }

  /** What the entries allow. */
  static Destinations of(List<String> entries) {
    Set<String> hosts = new HashSet<>();
    boolean readable = true;
    for (String entry : entries) {
      try {
        hosts.add(host(url(entry)));
      } catch (Refused unreadable) {
        readable = false;
      }
    }
    return new Destinations(hosts, readable);
  }

  /** @throws Refused when the guest may not go there */
  void require(URI url) throws Refused {
    if (!readable) {
      throw Code.INVALID_URL.because("an entry of the allowed domains is no URL with a host");
    }
    if (!hosts.contains(host(url))) {
      throw Code.DESTINATION_NOT_ALLOWED.because("the host of " + url + " is not among the allowed domains");
    }
  }

  /** A URL that has a host. */
  static URI url(String text) throws Refused {
    try {
      URI url = new URI(ascii(text));
      if (url.getScheme() == null || url.getHost() == null) {
        throw Code.INVALID_URL.because("no URL with a scheme and a host");
      }
      return url;
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw Code.INVALID_URL.because(e.getMessage());
    }
  }

  /** With the host in letters that all of the network understands; a path with others is written in percents. */
  private static String ascii(String text) throws URISyntaxException {
    if (text.chars().allMatch(c -> c < 0x80)) {
      return text;
    }
    int begin = text.indexOf("://") + 3;
    int end = begin;
    while (end < text.length() && "/?#:@".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    if (begin < 3 || end < text.length() && text.charAt(end) == '@') {
      throw new URISyntaxException(text, "neither name nor password can be in other letters");
    }
    String other = "x://x";
    String rest = new URI(other + text.substring(end)).toASCIIString().substring(other.length());
    return text.substring(0, begin) + IDN.toASCII(text.substring(begin, end)) + rest;
  }

  /** A host in its one form. */
  private static String host(URI url) throws Refused {
    String host = url.getHost().toLowerCase(Locale.ROOT);
    if (!host.startsWith("[")) {
      return host;
    }
    try {
      return InetAddress.ofLiteral(host.substring(1, host.length() - 1)).getHostAddress();
    } catch (IllegalArgumentException e) {
      throw Code.INVALID_URL.because(e.getMessage());
    }
  }
}
