package io.bundlet.itests.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.junit.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** Whatever of ours is stopped takes its threads and services along, however often. */
public class StopStartIT extends FrameworkTest {
  private static final int TIMES = 10;
  private static final Pattern THREAD = Pattern.compile("(?m)^#\\d+ \"(.*?)\"");
  /** The JDK's own: pools that grow and shrink as they like. */
  private static final Pattern OF_THE_JDK =
      Pattern.compile("ForkJoinPool.*|VirtualThread-.*|.*-Poller|process reaper.*"
          + "|Cleaner-.*|Common-Cleaner|.*nblocker.*");

  private int dumps;

  @Configuration
  public Option[] framework() throws IOException {
    return Framework.of(getClass());
  }

  @Test
  public void nothingStaysBehind() throws Exception {
    until("the wasm handlers are served", () -> node().node().handlers()
        .containsAll(List.of("wasi=wasi", "wascc=wascc")));
    VendorProvider vendor = new VendorProvider();
    offer(vendor);
    pod("web", "runtimeClassName: vendor\ncontainers:\n  - name: main\n    image: vendor/main\n");
    untilRunning("web");
    Map<String, Integer> threads = threads();
    Map<String, Integer> services = services();
    for (Bundle bundle : context.getBundles()) {
      if (bundle.getSymbolicName().startsWith("io.bundlet.")) {
        again(bundle, threads, services);
      }
    }
    assertEquals("the pod ran on: " + vendor.calls, 1, vendor.count("run sandbox"));
    assertEquals("the pod ran on: " + vendor.calls, 1, vendor.count("create container"));
  }

  private void again(Bundle bundle, Map<String, Integer> threads, Map<String, Integer> services) throws Exception {
    for (int i = 0; i < TIMES; i++) {
      bundle.stop();
      assertNull(bundle + " has left services", bundle.getRegisteredServices());
      assertNull(bundle + " still uses services", bundle.getServicesInUse());
      bundle.start();
    }
    untilRunning("web");
    untilSame("services after " + bundle, services, this::services);
    untilSame("threads after " + bundle, threads, this::threads);
  }

  private static void untilSame(
      String what, Map<String, Integer> before, Callable<Map<String, Integer>> now) throws Exception {
    try {
      until(what, () -> before.equals(now.call()));
    } catch (AssertionError e) {
      Map<String, String> differ = new TreeMap<>();
      Map<String, Integer> after = now.call();
      Stream.concat(before.keySet().stream(), after.keySet().stream())
          .filter(name -> !before.getOrDefault(name, 0).equals(after.getOrDefault(name, 0)))
          .forEach(name ->
          differ.put(name, before.getOrDefault(name, 0) + " before, " + after.getOrDefault(name, 0) + " now"));
      // no cause: it would be told in place of this
      throw new AssertionError(what + ": " + differ);
    }
  }

  /** How many of each class there are, and how many bundles use them. */
  private Map<String, Integer> services() {
    Map<String, Integer> services = new TreeMap<>();
    for (Bundle bundle : context.getBundles()) {
      ServiceReference<?>[] registered = bundle.getRegisteredServices();
      for (ServiceReference<?> service : registered == null ? new ServiceReference<?>[0] : registered) {
        String name = Arrays.toString((String[]) service.getProperty(Constants.OBJECTCLASS));
        Bundle[] users = service.getUsingBundles();
        services.merge(name, 1, Integer::sum);
        services.merge(name + " used", users == null ? 0 : users.length, Integer::sum);
      }
    }
    return services;
  }

  /** How many threads of each name there are, virtual ones too; numbers in names do not count. */
  private Map<String, Integer> threads() throws Exception {
    Path dump = directory().resolve("threads-" + dumps++);
    ManagementFactory.getPlatformMBeanServer().invoke(
        new ObjectName("com.sun.management:type=HotSpotDiagnostic"), "dumpThreads",
        new Object[] {dump.toString(), "TEXT_PLAIN"}, new String[] {String.class.getName(), String.class.getName()});
    Map<String, Integer> threads = new TreeMap<>();
    Matcher names = THREAD.matcher(Files.readString(dump));
    while (names.find()) {
      if (!OF_THE_JDK.matcher(names.group(1)).matches()) {
        threads.merge(names.group(1).replaceAll("[0-9]+", "N"), 1, Integer::sum);
      }
    }
    Files.delete(dump);
    return threads;
  }
}
