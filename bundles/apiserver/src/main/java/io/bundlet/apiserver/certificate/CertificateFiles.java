package io.bundlet.apiserver.certificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One certificate with its key, and those before it, as the Kubernetes kubelet keeps them:
 * {@code NAME-2026-01-31-12-00-00.pem} with both, and a link {@code NAME-current.pem}. Only the node's user may read
 * them. For one thread.
 */
public final class CertificateFiles {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm-ss").withZone(ZoneOffset.UTC);
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final int KEPT = 5;

  private final Path directory;
  private final String name;

  /** @param name such as {@code kubelet-client} */
  public CertificateFiles(Path directory, String name) {
    this.directory = directory;
    this.name = name;
  }

  /** A certificate, those that it stands on, and its key. */
  public record Pair(List<X509Certificate> chain, PrivateKey key) {
    /** The certificate itself. */
    public X509Certificate certificate() {
      return chain.getFirst();
    }
  }

  /** The link to the newest. */
  public Path current() {
    return directory.resolve(name + "-current.pem");
  }

  /** The newest; empty when there is none or it cannot be used. */
  public Optional<Pair> read() {
    return read(current(), current());
  }

  /** A pair from two files, or twice the same; empty when there is none or it cannot be used. */
  static Optional<Pair> read(Path certificate, Path key) {
    try {
      return Optional.of(
          new Pair(Pem.certificates(Files.readString(certificate)), Pem.privateKey(Files.readString(key))));
    } catch (IOException | GeneralSecurityException unusable) {
      return Optional.empty();
    }
  }

  /** The key for the request under way; kept until {@link #store}. */
  KeyPair pendingKey() throws IOException, GeneralSecurityException {
    Path file = directory.resolve(name + ".key.tmp");
    try {
      String text = Files.readString(file);
      int second = text.indexOf("-----BEGIN PUBLIC KEY-----");
      if (second > 0) {
        byte[] der = java.util.Base64.getMimeDecoder().decode(
            text.substring(second).replaceAll("-----[A-Z ]+-----", ""));
        return new KeyPair(KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der)),
            Pem.privateKey(text));
      }
    } catch (NoSuchFileException none) {
      // the usual case
      Files.createDirectories(directory, PRIVATE_DIRECTORY);
    } catch (GeneralSecurityException | IllegalArgumentException broken) {
      Files.deleteIfExists(file);
    }
    KeyPair key = SigningRequest.key();
    write(file, Pem.text("PRIVATE KEY", key.getPrivate().getEncoded())
        + Pem.text("PUBLIC KEY", key.getPublic().getEncoded()));
    return key;
  }

  /** Forgets the key for the request under way: the next request is another one. */
  void dropPendingKey() throws IOException {
    Files.deleteIfExists(directory.resolve(name + ".key.tmp"));
  }

  /** Keeps a pair as the newest. @param certificates in their textual form */
  Pair store(String certificates, PrivateKey key, Instant now) throws IOException, GeneralSecurityException {
    Pair pair = new Pair(Pem.certificates(certificates), key);
    Files.createDirectories(directory, PRIVATE_DIRECTORY);
    Path file = directory.resolve(name + "-" + STAMP.format(now) + ".pem");
    StringBuilder text = new StringBuilder();
    for (X509Certificate each : pair.chain()) {
      text.append(Pem.text("CERTIFICATE", each.getEncoded()));
    }
    write(file, text.append(Pem.text("PRIVATE KEY", key.getEncoded())).toString());
    Path link = directory.resolve(name + "-current.tmp");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, file.getFileName());
    Files.move(link, current(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    dropPendingKey();
    removeOld();
    return pair;
  }

  /** Writes a file that only the node's user may read, all at once. */
  public static void write(Path file, String text) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp~");
    Files.deleteIfExists(temporary);
    Files.createFile(temporary, PRIVATE_FILE);
    Files.writeString(temporary, text);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void removeOld() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> old = files.filter(file -> file.getFileName().toString().matches(
          java.util.regex.Pattern.quote(name) + "-\\d{4}-\\d\\d-\\d\\d-\\d\\d-\\d\\d-\\d\\d\\.pem")).sorted().toList();
      for (Path file : old.subList(0, Math.max(0, old.size() - KEPT))) {
        Files.deleteIfExists(file);
      }
    }
  }
}
