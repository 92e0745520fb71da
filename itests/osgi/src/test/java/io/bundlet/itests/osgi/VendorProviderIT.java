package io.bundlet.itests.osgi;

import static org.junit.Assert.assertEquals;

import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.RuntimeProvider;
import java.io.IOException;
import org.junit.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.ServiceRegistration;

/** A vendor's provider is found, and its pods do not notice that its service goes and comes again. */
public class VendorProviderIT extends FrameworkTest {
  @Configuration
  public Option[] framework() throws IOException {
    return Framework.of(getClass());
  }

  @Test
  public void podsGoOnWhileTheServiceIsAway() throws Exception {
    VendorProvider vendor = new VendorProvider();
    ServiceRegistration<RuntimeProvider> offered = offer(vendor);
    pod("web", """
        runtimeClassName: vendor
        containers:
          - name: main
            image: vendor/web
        """);
    PodView before = untilRunning("web");
    assertEquals(VendorProvider.NAME, before.provider());

    offered.unregister();
    until("the handler is gone", () -> !node().node().handlers().contains("vendor=vendor"));
    until("nobody of the core listens any more", () -> vendor.listeners.isEmpty());
    long lists = vendor.count("list");
    offered = offer(vendor);
    until("the provider was asked what it has", () -> vendor.count("list") > lists);
    PodView after = untilRunning("web");

    assertEquals(before.containers().getFirst().id(), after.containers().getFirst().id());
    assertEquals(0, after.containers().getFirst().restartCount());
    assertEquals(vendor.calls.toString(), 1, vendor.count("run sandbox"));
    assertEquals(vendor.calls.toString(), 1, vendor.count("create container"));
    assertEquals(vendor.calls.toString(), 1, vendor.count("start container"));

    // and it is looked after again: an exit leads to one restart
    vendor.exitAll(1);
    until("web", "was restarted", view -> view.containers().getFirst().restartCount() == 1);
    untilRunning("web");
    assertEquals(vendor.calls.toString(), 2, vendor.count("create container"));
    assertEquals(vendor.calls.toString(), 1, vendor.count("run sandbox"));
    offered.unregister();
  }
}
