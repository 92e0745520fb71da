package io.bundlet.kubeletapi.server;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;

/** An authority that makes certificates for tests, written down in DER by hand, as the JDK only reads them. */
final class TestAuthority {
  /** A certificate and its key. */
  record Issued(X509Certificate certificate, PrivateKey key) {}

  private static final AtomicLong SERIALS = new AtomicLong(1);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
      .withZone(ZoneOffset.UTC);
  private static final byte[] ECDSA_SHA256 = sequence(hex("06082a8648ce3d040302"));
  private static final String CLIENT_USE = "06082b06010505070302";
  private static final String SERVER_USE = "06082b06010505070301";

  private final KeyPair keys = keys();
  private final X500Principal name;
  private final X509Certificate certificate;

  TestAuthority(String name) {
    this.name = new X500Principal("CN=" + name);
    this.certificate = issue(this.name, keys, Duration.ofDays(1), extension("551d13", true, sequence(hex("0101ff"))));
  }

  X509Certificate certificate() {
    return certificate;
  }

  /** Of somebody who calls. */
  Issued client(String subject) {
    return client(subject, Duration.ofHours(1));
  }

  /** The same; a life below zero is over. */
  Issued client(String subject, Duration life) {
    return issued(subject, life, use(CLIENT_USE));
  }

  /** Of a server at 127.0.0.1. */
  Issued server(String subject) {
    byte[] address = tagged(0x87, new byte[] {127, 0, 0, 1});
    return issued(subject, Duration.ofHours(1), join(use(SERVER_USE), extension("551d11", false, sequence(address))));
  }

  private Issued issued(String subject, Duration life, byte[] extensions) {
    KeyPair own = keys();
    return new Issued(issue(new X500Principal(subject), own, life, extensions), own.getPrivate());
  }

  private static byte[] use(String which) {
    return extension("551d25", false, sequence(hex(which)));
  }

  private X509Certificate issue(X500Principal subject, KeyPair of, Duration life, byte[] extensions) {
    Instant now = Instant.now();
    Instant from = life.isNegative() ? now.plus(life).minusSeconds(60) : now.minusSeconds(60);
    byte[] times = sequence(join(time(from), time(now.plus(life))));
    byte[] body =
        sequence(join(
            hex("a003020102"), tagged(0x02, BigInteger.valueOf(SERIALS.getAndIncrement()).toByteArray()), ECDSA_SHA256,
            name.getEncoded(), times, subject.getEncoded(), of.getPublic().getEncoded(),
            tagged(0xa3, sequence(extensions))));
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(body);
      byte[] whole = sequence(join(body, ECDSA_SHA256, tagged(0x03, join(new byte[1], signature.sign()))));
      return (X509Certificate)
          CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] extension(String id, boolean critical, byte[] value) {
    byte[] mark = critical ? hex("0101ff") : new byte[0];
    return sequence(join(tagged(0x06, hex(id)), mark, tagged(0x04, value)));
  }

  private static byte[] time(Instant time) {
    return tagged(0x18, TIME.format(time).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] sequence(byte[] content) {
    return tagged(0x30, content);
  }

  private static byte[] tagged(int tag, byte[] content) {
    byte low = (byte) content.length;
    byte[] length =
        content.length < 0x80 ? new byte[] {low}
            : content.length < 0x100 ? new byte[] {(byte) 0x81, low}
            : new byte[] {(byte) 0x82, (byte) (content.length >> 8), low};
    return join(new byte[] {(byte) tag}, length, content);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
