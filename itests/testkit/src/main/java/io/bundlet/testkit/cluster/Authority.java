package io.bundlet.testkit.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A certificate authority in a directory, by the program openssl. Not for several threads. */
final class Authority {
  /** A certificate and its key, in PEM. */
  record Issued(Path certificate, Path key) {}

  private final Path directory;

  /** Makes a new one. @param directory made if need be */
  Authority(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    Programs.succeed(List.of(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-subj", "/CN=test cluster", "-days", "2", "-out", certificate().toString(), "-keyout", key().toString()));
  }

  Path certificate() {
    return directory.resolve("ca.crt");
  }

  Path key() {
    return directory.resolve("ca.key");
  }

  /**
   * Issues a certificate for two days.
   *
   * @param subject in openssl's form, such as {@code /O=system:masters/CN=admin}
   * @param names what a server is called, in openssl's form, such as {@code IP:127.0.0.1}; none for a client
   */
  Issued issue(String name, String subject, Optional<String> names) throws IOException {
    Path certificate = directory.resolve(name + ".crt");
    Path key = directory.resolve(name + ".key");
    Path request = directory.resolve(name + ".csr");
    Programs.succeed(List.of(
        "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-subj", subject, "-out", request.toString(), "-keyout", key.toString()));
    Path extensions = Files.writeString(
        directory.resolve(name + ".ext"),
        "keyUsage=digitalSignature\nextendedKeyUsage=clientAuth,serverAuth\n"
            + names.map(list -> "subjectAltName=" + list + "\n").orElse(""));
    List<String> sign = new ArrayList<>(List.of(
        "openssl", "x509", "-req", "-in", request.toString(), "-CA", certificate().toString(), "-CAkey",
        key().toString(), "-CAcreateserial", "-days", "2", "-out", certificate.toString(), "-extfile",
        extensions.toString()));
    Programs.succeed(sign);
    return new Issued(certificate, key);
  }
}
