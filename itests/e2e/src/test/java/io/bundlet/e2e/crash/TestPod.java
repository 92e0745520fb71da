package io.bundlet.e2e.crash;

import io.bundlet.e2e.outside.Manifests;
import io.bundlet.testkit.node.Distribution;
import java.nio.file.Path;

/**
 * A pod of the test.
 *
 * @param name its name; its manifest and the file of its starts are called so too
 * @param kind what runs it
 * @param policy its restartPolicy
 * @param exit the code with which it ends at once; -1 for one that runs for ever
 * @param port where an actor listens
 */
record TestPod(String name, Kind kind, String policy, int exit, int port) {
  enum Kind { WASI, BOX, ACTOR }

  static TestPod runs(String name, Kind kind, String policy) {
    return new TestPod(name, kind, policy, -1, 0);
  }

  static TestPod ends(String name, Kind kind, String policy, int exit) {
    return new TestPod(name, kind, policy, exit, 0);
  }

  boolean finishes() {
    return exit >= 0;
  }

  String file() {
    return name + ".yaml";
  }

  String yaml(Path starts, String nonce) {
    Manifests manifest =
        switch (kind) {
          case WASI -> wasi();
          // the shell of a container is process 1, which ends by TERM only if it says so
          case BOX -> Manifests.busybox(name, "echo start $NONCE >> /starts/" + name
              + (finishes() ? "; exit " + exit : "; trap 'exit 0' TERM; sleep 100000 & wait"));
          case ACTOR -> Manifests.actor(
              name, Distribution.repository().resolve("runtime/examples/echo/echo.wasm"), port);
        };
    if (kind != Kind.ACTOR) {
      manifest.env("NONCE", nonce).mount("/starts", starts);
    }
    return manifest.restart(policy).grace(1).yaml();
  }

  private Manifests wasi() {
    Manifests made = Manifests.wasi(name, Distribution.guest("starts"));
    return finishes() ? made.args("/starts/" + name, "" + exit) : made.args("/starts/" + name);
  }
}
