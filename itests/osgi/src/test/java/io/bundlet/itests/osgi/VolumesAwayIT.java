package io.bundlet.itests.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.bundlet.api.admin.PodView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;

/** A pod waits while nobody mounts its kind of volume, and goes on when somebody does. */
public class VolumesAwayIT extends FrameworkTest {
  @Configuration
  public Option[] framework() throws IOException {
    return Framework.of(getClass());
  }

  @Test
  public void aPodWaitsForTheDriverOfItsVolume() throws Exception {
    VendorProvider vendor = new VendorProvider();
    offer(vendor);
    Path data = Files.createDirectories(directory().resolve("data"));
    bundle("io.bundlet.volumes").stop();
    pod("files", """
        runtimeClassName: vendor
        volumes:
          - name: data
            hostPath: {path: %s}
        containers:
          - name: main
            image: vendor/main
            volumeMounts:
              - {name: data, mountPath: /data}
        """.formatted(data));
    PodView waiting = until("files", "waits for its volume", view -> view.reason().equals("FailedMount"));
    assertTrue(waiting.message(), waiting.message().contains("hostPath"));
    assertFalse(vendor.calls.toString(), vendor.calls.contains("run sandbox"));

    bundle("io.bundlet.volumes").start();
    untilRunning("files");
    assertEquals(1, vendor.mounts.size());
    assertEquals("/data", vendor.mounts.getFirst().containerPath());
    assertEquals(data, vendor.mounts.getFirst().hostPath());

    // what runs does not ask for its driver
    bundle("io.bundlet.volumes").stop();
    vendor.exitAll(1);
    until("files", "was restarted", view -> view.containers().getFirst().restartCount() == 1);
    untilRunning("files");
    assertEquals(1, vendor.count("run sandbox"));
  }
}
