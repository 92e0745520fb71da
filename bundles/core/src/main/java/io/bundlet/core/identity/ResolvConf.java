package io.bundlet.core.identity;

import io.bundlet.api.runtime.Dns;
import io.bundlet.api.runtime.ProviderFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a file in the form of {@code resolv.conf(5)}. */
final class ResolvConf {
  private static final int LARGEST = 1 << 20;

  private ResolvConf() {}

  static Dns read(Path file) throws ProviderFailure {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw ProviderFailure.of(
            ProviderFailure.EXHAUSTED, file + " is larger than 1 MiB; name another file as resolv.conf of the node");
      }
      return parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException failed) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE,
          "the node's resolv.conf cannot be read: " + failed + "; mend it or name another one", failed);
    }
  }

  /** Servers add up; of search and options the last line counts. */
  static Dns parse(String text) {
    List<String> servers = new ArrayList<>();
    List<String> searches = List.of();
    List<String> options = List.of();
    for (String line : text.lines().map(String::strip).toList()) {
      List<String> words = List.of(line.split("\\s+"));
      switch (words.getFirst()) {
        case "nameserver" -> words.stream().skip(1).limit(1).forEach(servers::add);
        case "search" -> searches = words.stream().skip(1).map(ResolvConf::withoutDot).toList();
        case "options" -> options = words.stream().skip(1).toList();
        default -> {
          // Comments, and what glibc has beside.
        }
      }
    }
    return new Dns(servers, searches, options);
  }

  /** A domain with and without its final dot is the same; the root is all dot. */
  private static String withoutDot(String domain) {
    return domain.length() > 1 && domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
  }
}
