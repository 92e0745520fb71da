package io.bundlet.kubeletapi.server;

import java.time.Duration;

/** Limits of a node, one of them closer. */
final class Limiting {
  private static final Limits NODE = Limits.NODE;

  private Limiting() {}

  static Limits idle(Duration idle) {
    return new Limits(
        NODE.connections(), NODE.connectionsOfOne(), NODE.request(), NODE.between(), idle, NODE.headerBytes(),
        NODE.heavyAtOnce(), NODE.heavyWait());
  }

  static Limits request(Duration request) {
    return new Limits(
        NODE.connections(), NODE.connectionsOfOne(), request, request, NODE.idle(), NODE.headerBytes(),
        NODE.heavyAtOnce(), NODE.heavyWait());
  }

  static Limits between(Duration between) {
    return new Limits(
        NODE.connections(), NODE.connectionsOfOne(), NODE.request(), between, NODE.idle(), NODE.headerBytes(),
        NODE.heavyAtOnce(), NODE.heavyWait());
  }

  static Limits connectionsOfOne(int most) {
    return new Limits(
        NODE.connections(), most, NODE.request(), NODE.between(), NODE.idle(), NODE.headerBytes(), NODE.heavyAtOnce(),
        NODE.heavyWait());
  }

  static Limits heavy(int atOnce, Duration wait) {
    return new Limits(
        NODE.connections(), NODE.connectionsOfOne(), NODE.request(), NODE.between(), NODE.idle(), NODE.headerBytes(),
        atOnce, wait);
  }
}
