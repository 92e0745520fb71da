package io.bundlet.apiserver.certificate;

import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node asks to be certified (PKCS #10, RFC 2986), or certifies itself.
 *
 * @param node its name; it asks as {@code system:node:NAME} of the group {@code system:nodes}
 * @param names under which it is called
 * @param addresses at which it is called
 */
public record SigningRequest(String node, List<String> names, List<InetAddress> addresses) {
  static final String USER = "system:node:";
  static final String GROUP = "system:nodes";

  private static final byte[] ECDSA_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
  private static final String EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
  private static final String ALTERNATIVE_NAMES = "2.5.29.17";
  private static final int DNS_NAME = 0x82;
  private static final int IP_ADDRESS = 0x87;

  public SigningRequest {
    names = List.copyOf(names);
    addresses = List.copyOf(addresses);
  }

  /** A key such as the Kubernetes kubelet makes: ECDSA, P-256. */
  static KeyPair key() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  /** The request, signed. */
  byte[] der(KeyPair key) throws GeneralSecurityException {
    byte[] attributes = names.isEmpty() && addresses.isEmpty() ? new byte[0]
        : Der.sequence(Der.oid(EXTENSION_REQUEST), Der.set(Der.sequence(alternativeNames())));
    return signed(key.getPrivate(), Der.sequence(
        Der.integer(0), subject(GROUP, USER + node), key.getPublic().getEncoded(), Der.tagged(0xa0, attributes)));
  }

  /** A certificate that nobody else vouches for. */
  X509Certificate certificate(KeyPair key, Instant from, Duration life) throws GeneralSecurityException {
    byte[] name = subject("bundlet", node);
    byte[] extensions = Der.sequence(
        alternativeNames(),
        Der.sequence(Der.oid("2.5.29.15"), Der.truth(), Der.octets(Der.bits(0x80, 7))),
        Der.sequence(Der.oid("2.5.29.37"), Der.octets(Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1")))));
    byte[] body = Der.sequence(
        Der.tagged(0xa0, Der.integer(2)), Der.integer(new BigInteger(126, new SecureRandom()).setBit(126)),
        ECDSA_SHA256, name, Der.sequence(Der.time(from), Der.time(from.plus(life))), name,
        key.getPublic().getEncoded(), Der.tagged(0xa3, extensions));
    return Pem.certificates(Pem.text("CERTIFICATE", signed(key.getPrivate(), body))).getFirst();
  }

  private byte[] alternativeNames() {
    List<byte[]> all = new ArrayList<>();
    names.forEach(name -> all.add(Der.tagged(DNS_NAME, name.getBytes(java.nio.charset.StandardCharsets.US_ASCII))));
    addresses.forEach(address -> all.add(Der.tagged(IP_ADDRESS, address.getAddress())));
    return Der.sequence(Der.oid(ALTERNATIVE_NAMES), Der.octets(Der.sequence(all.toArray(byte[][]::new))));
  }

  private static byte[] subject(String organisation, String name) {
    return Der.sequence(
        Der.set(Der.sequence(Der.oid("2.5.4.10"), Der.text(organisation))),
        Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.text(name))));
  }

  private static byte[] signed(PrivateKey key, byte[] body) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key);
    signature.update(body);
    return Der.sequence(body, ECDSA_SHA256, Der.bits(signature.sign()));
  }

  /** Whether a certificate is one for all of this; it may be for more. */
  boolean covered(X509Certificate certificate) {
    try {
      var there = certificate.getSubjectAlternativeNames();
      List<String> values = there == null ? List.of()
          : there.stream().map(name -> String.valueOf(name.get(1))).toList();
      return values.containsAll(names) && addresses.stream()
          .allMatch(address -> values.stream().anyMatch(value -> same(value, address)));
    } catch (GeneralSecurityException unreadable) {
      return false;
    }
  }

  private static boolean same(String value, InetAddress address) {
    try {
      return value.matches("[0-9a-fA-F.:]+") && InetAddress.getByName(value).equals(address);
    } catch (java.net.UnknownHostException impossible) {
      return false;
    }
  }
}
