package io.bundlet.kubeletapi;

import io.bundlet.kubeletapi.access.AnswerLives;
import io.bundlet.kubeletapi.server.Places;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The configuration as it is used. */
record Settings(Places places, AnswerLives lives) {
  static Settings of(KubeletApiConfig config) {
    return new Settings(
        new Places(
            config.address(), config.port(), config.healthz_port() != 0, config.healthz_address(),
            config.healthz_port()),
        new AnswerLives(
            seconds(config.token_cache_seconds()), seconds(config.allowed_cache_seconds()),
            seconds(config.denied_cache_seconds())));
  }

  private static Duration seconds(int configured) {
    return Duration.ofSeconds(Math.max(0, configured));
  }

  /** As Go would write it, more or less: a whole number of seconds. */
  private static String words(Duration time) {
    return time.toSeconds() + "s";
  }

  /** In the words of a KubeletConfiguration. What cannot be set is told as it is. */
  Map<String, Object> words() {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("kind", "KubeletConfiguration");
    words.put("apiVersion", "kubelet.config.k8s.io/v1beta1");
    words.put("address", places.address());
    words.put("port", places.port());
    words.put("healthzBindAddress", places.healthAddress());
    words.put("healthzPort", places.healthPort());
    words.put(
        "authentication",
        Map.of("anonymous", Map.of("enabled", false), "webhook",
            Map.of("enabled", true, "cacheTTL", words(lives.token()))));
    words.put(
        "authorization",
        Map.of(
            "mode", "Webhook",
            "webhook", Map.of("cacheAuthorizedTTL", words(lives.allowed()), "cacheUnauthorizedTTL",
                words(lives.denied()))));
    return words;
  }
}
