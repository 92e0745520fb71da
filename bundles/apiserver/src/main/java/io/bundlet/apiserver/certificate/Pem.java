package io.bundlet.apiserver.certificate;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and writes certificates and private keys in their textual form (RFC 7468), and the older forms of keys. */
public final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final byte[] RSA = Der.sequence(Der.oid("1.2.840.113549.1.1.1"), Der.nothing());
  private static final String EC = "1.2.840.10045.2.1";

  private Pem() {}

  /** All certificates of a text, in its order. @throws GeneralSecurityException when there are none */
  public static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      if (blocks.group(1).equals("CERTIFICATE")) {
        certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes(blocks))));
      }
    }
    if (certificates.isEmpty()) {
      throw new CertificateException("there is no certificate in it (-----BEGIN CERTIFICATE-----)");
    }
    return certificates;
  }

  /** The first private key of a text. @throws GeneralSecurityException when there is none that can be read */
  public static PrivateKey privateKey(String text) throws GeneralSecurityException {
    Matcher blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      switch (blocks.group(1)) {
        case "PRIVATE KEY" -> {
          return pkcs8(bytes(blocks));
        }
        case "RSA PRIVATE KEY" -> {
          return pkcs8(Der.sequence(Der.integer(0), RSA, Der.octets(bytes(blocks))));
        }
        case "EC PRIVATE KEY" -> {
          byte[] key = bytes(blocks);
          return pkcs8(Der.sequence(Der.integer(0), Der.sequence(Der.oid(EC), curve(key)), Der.octets(key)));
        }
        case "ENCRYPTED PRIVATE KEY" -> throw new InvalidKeySpecException("the key is encrypted; give one that is not");
        default -> {
          continue;
        }
      }
    }
    throw new InvalidKeySpecException("there is no private key in it (-----BEGIN PRIVATE KEY-----)");
  }

  private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
    for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException ignored) {
        continue;
      }
    }
    throw new InvalidKeySpecException("the private key is none of the kinds EC, RSA and Ed25519");
  }

  /** The curve of a key of RFC 5915: the object identifier in its context tag 0. */
  private static byte[] curve(byte[] key) throws InvalidKeySpecException {
    try {
      int at = contents(key, 0);
      at = next(key, at);
      at = next(key, at);
      if ((key[at] & 0xff) == 0xa0) {
        int oid = contents(key, at);
        return Arrays.copyOfRange(key, oid, next(key, oid));
      }
    } catch (IndexOutOfBoundsException broken) {
      throw new InvalidKeySpecException("the EC key is cut off", broken);
    }
    throw new InvalidKeySpecException("the EC key does not say on which curve it is");
  }

  private static int contents(byte[] der, int at) {
    int length = der[at + 1] & 0xff;
    return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
  }

  private static int next(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    int length = first;
    if (first >= 0x80) {
      length = 0;
      for (int octet = 0; octet < (first & 0x7f); octet++) {
        length = length << 8 | der[at + 2 + octet] & 0xff;
      }
    }
    int next = contents(der, at) + length;
    if (length < 0 || next > der.length) {
      throw new IndexOutOfBoundsException(next);
    }
    return next;
  }

  private static byte[] bytes(Matcher block) throws GeneralSecurityException {
    try {
      return Base64.getDecoder().decode(block.group(2).replaceAll("\\s", ""));
    } catch (IllegalArgumentException broken) {
      throw new InvalidKeySpecException("what stands in the block " + block.group(1) + " is not Base64", broken);
    }
  }

  /** One block. @param kind such as {@code CERTIFICATE} */
  public static String text(String kind, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
  }
}
