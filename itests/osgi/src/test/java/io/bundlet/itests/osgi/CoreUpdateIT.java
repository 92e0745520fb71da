package io.bundlet.itests.osgi;

import static org.junit.Assert.assertEquals;

import io.bundlet.api.admin.ContainerView;
import io.bundlet.api.admin.PodView;
import io.bundlet.testkit.node.BundleVariant;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import org.junit.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;

/** The core is exchanged under a running pod, and the new one adopts it. */
public class CoreUpdateIT extends FrameworkTest {
  @Configuration
  public Option[] framework() throws IOException {
    Option[] options = Framework.of(getClass());
    BundleVariant.of(
        Framework.distribution().resolve("bundles/io.bundlet.core.jar"), "0.1.7", directory().resolve("core.jar"));
    return options;
  }

  @Test
  public void aNewCoreAdoptsWhatRuns() throws Exception {
    VendorProvider vendor = new VendorProvider();
    offer(vendor);
    pod("web", """
        runtimeClassName: vendor
        containers:
          - name: one
            image: vendor/one
          - name: two
            image: vendor/two
        """);
    PodView before = untilRunning("web");

    Bundle core = bundle("io.bundlet.core");
    try (InputStream jar = Files.newInputStream(directory().resolve("core.jar"))) {
      core.update(jar);
    }
    until("the new core is there", () -> node().node().version().equals("0.1.7"));
    PodView after = untilRunning("web");

    assertEquals(before.uid(), after.uid());
    assertEquals(ids(before), ids(after));
    assertEquals(List.of(0, 0), after.containers().stream().map(ContainerView::restartCount).toList());
    assertEquals(vendor.calls.toString(), 1, vendor.count("run sandbox"));
    assertEquals(vendor.calls.toString(), 2, vendor.count("create container"));
    assertEquals(vendor.calls.toString(), 2, vendor.count("start container"));
    until("the new core listens and the old one does not", () -> vendor.listeners.size() == 1);

    // and looks after it: a deleted manifest ends the pod
    Files.delete(directory().resolve("manifests/web.yaml"));
    until("the pod is gone", () -> node().pods().isEmpty());
    assertEquals(vendor.calls.toString(), 1, vendor.count("remove sandbox"));
  }

  private static List<String> ids(PodView pod) {
    return pod.containers().stream().map(ContainerView::id).toList();
  }
}
