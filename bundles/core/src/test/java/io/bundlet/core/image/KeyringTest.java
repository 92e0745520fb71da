package io.bundlet.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.image.RegistryCredentials;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyringTest {
  /** Each key's password is the key. */
  private static Keyring of(List<String> keys) {
    Map<String, RegistryCredentials> all = new LinkedHashMap<>();
    keys.forEach(key -> all.put(key, new RegistryCredentials("u", key)));
    return new Keyring().add(all);
  }

  private static String found(Keyring keyring, String image) {
    return keyring.of(image).stream().map(RegistryCredentials::password).collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource(nullValues = "-", value = {
      // the host, with its port
      "r.example, r.example/web:1, r.example",
      "r.example, r.example:443/web, -",
      "r.example:5000, r.example:5000/web@sha256:0123456789abcdef0123456789abcdef, r.example:5000",
      "r.example, s.example/web, -",
      "r.example, x.r.example/web, -",
      "https://r.example, r.example/web, https://r.example",
      "http://r.example/v1/, r.example/web, http://r.example/v1/",
      "r.example/v2/, r.example/web, r.example/v2/",
      "localhost:5000, localhost:5000/a/b, localhost:5000",
      "[::1]:5000, [::1]:5000/web, [::1]:5000",
      // its path
      "r.example/team, r.example/team/web:1, r.example/team",
      "r.example/team, r.example/other/web, -",
      "r.example/team/web, r.example/team, -",
      // all that fit, the longest first
      "r.example r.example/team r.example/team/web, r.example/team/web:2, r.example/team/web r.example/team r.example",
      "r.example r.example/team/web r.example/team, r.example/team/api, r.example/team r.example",
      // wildcards in each part of the host, and nowhere else
      "*.example, r.example/web, *.example",
      "*.example, a.r.example/web, -",
      "*.*.example, a.r.example/web, *.*.example",
      "r?.example, r1.example/web, r?.example",
      "r[0-4].example, r3.example/web, r[0-4].example",
      "r[^0-4].example, r3.example/web, -",
      "pre*.example:*, prefix.example:5000/web, -",
      "pre*fix.example, prefix.example/web, pre*fix.example",
      "*.example *.example/team r.example, r.example/team/web, r.example *.example/team *.example",
      "*.example/*, r.example/team, -",
      // where images without a registry are
      "https://index.docker.io/v1/, busybox, https://index.docker.io/v1/",
      "https://index.docker.io/v1/, team/web:1, https://index.docker.io/v1/",
      "https://index.docker.io/v1/, docker.io/team/web, https://index.docker.io/v1/",
      "https://index.docker.io/v1/, r.example/web, -",
      "docker.io https://index.docker.io/v1/, busybox, docker.io",
      "docker.io/library, busybox, docker.io/library"})
  void theMostSpecificFits(String keys, String image, String expected) {
    List<String> given = Arrays.asList(keys.split(" "));
    for (int i = 0; i < 2; i++) {
      assertEquals(expected == null ? "" : expected, found(of(given), image), given.toString());
      Collections.reverse(given);
    }
  }

  @Test
  void ofTheSameKeyTheFirstSecretCountsFirst() {
    Keyring keyring = of(List.of("r.example/a"));
    keyring.add(Map.of("https://r.example/a", new RegistryCredentials("u", "second")));
    keyring.add(Map.of("r.example", new RegistryCredentials("u", "third")));
    assertEquals("r.example/a second third", found(keyring, "r.example/a/web"));
  }

  @Test
  void wildcardsThatAreMeantToHarmTakeNoTime() {
    Keyring keyring = of(List.of("*a".repeat(20_000) + "b.example"));
    assertTimeoutPreemptively(
        Duration.ofSeconds(120), () -> assertEquals("", found(keyring, "a".repeat(250) + ".example/web")));
  }

  @Test
  void nothingOfItIsShown() {
    Keyring keyring = of(List.of("geheim"));
    RegistryCredentials credentials = new RegistryCredentials("hans", "geheim");
    assertFalse((keyring + " " + credentials).matches(".*(hans|geheim).*"), keyring + " " + credentials);
    assertTrue(List.of(credentials).toString().contains("credentials"));
  }

  @ParameterizedTest
  @CsvSource({"busybox, true", "busybox:latest, true", "busybox:1, false", "r.example:5000/web, true",
      "r.example:5000/web:1, false", "busybox@sha256:00, false", "busybox:latest@sha256:00, false",
      "file:/a/module.wasm, false"})
  void whichNamesMayStandForAnother(String image, boolean floats) {
    assertEquals(floats, ImageName.floats(image));
  }
}
