package io.bundlet.itests.osgi;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Of bundles that are exchanged nothing is kept in memory, so that whoever exchanges often does not run out of it. The
 * first revision alone may stay: libraries remember who used them first (gRPC keeps a stack trace of it for good).
 */
public class LettingGoIT extends FrameworkTest {
  private static final int TIMES = 3;

  /** All of ours that may be exchanged on their own, because they export nothing. */
  private static final List<String> EXCHANGED = List.of(
      "io.bundlet.core",
      "io.bundlet.manifests",
      "io.bundlet.volumes",
      "io.bundlet.probe-grpc",
      "io.bundlet.cgroups",
      "io.bundlet.metrics-prometheus",
      "io.bundlet.kubelet-api",
      "io.bundlet.module-store",
      "io.bundlet.shell",
      "io.bundlet.console",
      "io.bundlet.wasm-host",
      "io.bundlet.wasm-engine-wasmtime",
      "io.bundlet.wasm-engine-endive",
      "io.bundlet.wasi.provider",
      "io.bundlet.wasi.preview1",
      "io.bundlet.wasi.experimental-http",
      "io.bundlet.wascc.wapc",
      "io.bundlet.wascc.capability-line",
      "io.bundlet.wascc.provider",
      "io.bundlet.cri.provider");

  @Configuration
  public Option[] framework() throws IOException {
    return Framework.of(getClass());
  }

  @Test
  public void classLoadersOfExchangedBundlesAreCollected() throws Exception {
    offer(new VendorProvider());
    pod("web", "runtimeClassName: vendor\ncontainers:\n  - name: main\n    image: vendor/main\n");
    untilRunning("web");
    Map<String, WeakReference<ClassLoader>> before = new LinkedHashMap<>();
    for (String name : EXCHANGED) {
      for (int i = 1; i <= TIMES; i++) {
        exchange(bundle(name));
        untilRunning("web");
        if (i < TIMES) {
          before.put(name + ", exchange " + i, loader(bundle(name)));
        }
      }
    }
    try {
      until("all are collected", () -> {
        System.gc();
        return kept(before).isEmpty();
      });
    } catch (AssertionError e) {
      assertEquals("kept in memory", List.of(), kept(before));
    }
  }

  private static WeakReference<ClassLoader> loader(Bundle bundle) {
    return new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
  }

  private static void exchange(Bundle bundle) throws Exception {
    Path jar = Framework.distribution().resolve("bundles").resolve(bundle.getSymbolicName() + ".jar");
    try (InputStream content = Files.newInputStream(jar)) {
      bundle.update(content);
    }
  }

  private static List<String> kept(Map<String, WeakReference<ClassLoader>> before) {
    List<String> kept = new ArrayList<>();
    before.forEach((name, loader) -> {
      if (loader.get() != null) {
        kept.add(name);
      }
    });
    return kept;
  }
}
