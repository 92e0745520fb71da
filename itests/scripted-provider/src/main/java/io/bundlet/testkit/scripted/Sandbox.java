package io.bundlet.testkit.scripted;

import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.PodId;
import io.bundlet.api.runtime.SandboxConfig;
import io.bundlet.api.runtime.SandboxId;
import io.bundlet.api.runtime.SandboxStatus;
import java.time.Instant;
import java.util.List;
import java.util.Properties;

/**
 * A sandbox as it is kept.
 *
 * @param status how it is
 * @param owner whose it is
 * @param lost the flag that loses it; empty: none does
 */
record Sandbox(SandboxStatus status, Owner owner, String lost) {
  static Sandbox made(SandboxId id, SandboxConfig config) {
    // All of 127.0.0.0/8 is this machine, so that each pod can have an address of its own.
    int number = (config.pod().uid() + config.attempt()).hashCode();
    String address = "127." + (64 + (number >> 16 & 63)) + "." + (number >> 8 & 255) + "." + (1 + (number & 127));
    SandboxStatus status =
        new SandboxStatus(id, config.pod(), config.attempt(), true, List.of(address), Instant.now());
    return new Sandbox(status, config.owner(), config.annotations().getOrDefault("bundlet.io/lost", ""));
  }

  String address() {
    return status.addresses().getFirst();
  }

  Sandbox ended() {
    return new Sandbox(
        new SandboxStatus(
            status.id(), status.pod(), status.attempt(), false, status.addresses(), status.createdAt()),
        owner, lost);
  }

  Properties properties() {
    Properties all = new Properties();
    all.setProperty("id", status.id().value());
    put(all, status.pod());
    all.setProperty("attempt", "" + status.attempt());
    all.setProperty("ready", "" + status.ready());
    all.setProperty("address", address());
    all.setProperty("createdAt", status.createdAt().toString());
    all.setProperty("owner", owner.node());
    all.setProperty("lost", lost);
    return all;
  }

  static Sandbox of(Properties all) {
    SandboxStatus status =
        new SandboxStatus(
            new SandboxId(all.getProperty("id")), pod(all), Integer.parseInt(all.getProperty("attempt")),
            Boolean.parseBoolean(all.getProperty("ready")), List.of(all.getProperty("address")),
            Instant.parse(all.getProperty("createdAt")));
    return new Sandbox(status, new Owner(all.getProperty("owner")), all.getProperty("lost"));
  }

  static void put(Properties all, PodId pod) {
    all.setProperty("pod.namespace", pod.namespace());
    all.setProperty("pod.name", pod.name());
    all.setProperty("pod.uid", pod.uid());
  }

  static PodId pod(Properties all) {
    return new PodId(
        all.getProperty("pod.namespace"), all.getProperty("pod.name"), all.getProperty("pod.uid"));
  }
}
