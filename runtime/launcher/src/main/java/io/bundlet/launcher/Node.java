package io.bundlet.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;

/** The framework in this process, with the bundles of one node. */
final class Node {
  /** Service property of the futures through which launcher and bundles tell each other that the node is to end. */
  private static final String CHANNEL = "bundlet.launcher";
  /** The services that are called when the node is told to end by SIGTERM. */
  private static final String BEFORE_END = "(" + CHANNEL + "=before-end)";
  private static final long STOP_MILLIS = 60_000;

  private final Framework framework;
  private final CompletableFuture<String> interrupt = new CompletableFuture<>();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  private Node(Framework framework) {
    this.framework = framework;
  }

  static Node start(DataDirectory data, BundleSet bundles, Path logging, boolean stackTraces) throws StartFailure {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put(Constants.FRAMEWORK_STORAGE, data.cache().resolve("bundles").toString());
    properties.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(BundleSet.PLUGIN_START_LEVEL));
    properties.put("felix.cm.dir", data.cache().resolve("config").toString());
    properties.put("felix.cache.locking", "false");
    // What the framework has to say comes as events, see below.
    properties.put("felix.log.level", "0");
    properties.put("org.ops4j.pax.logging.DefaultServiceLog.level", "ERROR");
    properties.put("org.ops4j.pax.logging.property.file", logging.toString());
    // Entries kept for a log reader or an event admin hold exceptions, and with these the classes of removed bundles.
    properties.put("org.ops4j.pax.logging.logReaderEnabled", "false");
    properties.put("org.ops4j.pax.logging.eventAdminEnabled", "false");
    Framework framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(properties);
    try {
      framework.init();
      Node node = new Node(framework);
      node.offerChannels();
      framework.getBundleContext().addFrameworkListener(event -> report(event, stackTraces));
      node.install(bundles, stackTraces);
      framework.start();
      return node;
    } catch (BundleException e) {
      throw new StartFailure("the OSGi framework cannot start: " + Reasons.of(e), e);
    }
  }

  private void offerChannels() {
    BundleContext context = framework.getBundleContext();
    context.registerService(CompletableFuture.class, interrupt, new Hashtable<>(Map.of(CHANNEL, "interrupt")));
    context.registerService(CompletableFuture.class, exit, new Hashtable<>(Map.of(CHANNEL, "exit")));
  }

  private void install(BundleSet bundles, boolean stackTraces) throws StartFailure, BundleException {
    BundleContext context = framework.getBundleContext();
    for (BundleSet.Install install : bundles.installs()) {
      try {
        Bundle bundle = install(context, install);
        bundle.adapt(BundleStartLevel.class).setStartLevel(install.startLevel());
        if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
          bundle.start(Bundle.START_ACTIVATION_POLICY);
        }
      } catch (BundleException | IOException e) {
        if (install.jar() != null) {
          throw new StartFailure(install.jar() + " cannot be installed: " + Reasons.of(e), e);
        }
        complain(install.plugin().file() + " cannot be installed: " + Reasons.of(e), e, stackTraces);
      }
    }
  }

  private static Bundle install(BundleContext context, BundleSet.Install install) throws BundleException, IOException {
    if (install.plugin() == null) {
      return context.installBundle(install.location());
    }
    try (InputStream content = Files.newInputStream(install.plugin().file())) {
      return context.installBundle(install.location(), content);
    }
  }

  private static void report(FrameworkEvent event, boolean stackTraces) {
    if (event.getType() == FrameworkEvent.ERROR) {
      Throwable failure = event.getThrowable();
      Throwable cause = failure instanceof BundleException && failure.getCause() != null ? failure.getCause() : failure;
      complain(event.getBundle().getSymbolicName() + " does not start: " + Reasons.of(cause), failure, stackTraces);
    }
  }

  private static void complain(String message, Throwable failure, boolean stackTraces) {
    System.err.println("bundlet: " + message);
    if (stackTraces && failure != null) {
      failure.printStackTrace();
    }
  }

  /** Completed with the exit code when a bundle has decided that the node's work is done. */
  CompletableFuture<Integer> exit() {
    return exit;
  }

  /** Tells the bundles that somebody wants the node to end in good order. */
  void interrupt(String signal) {
    interrupt.complete(signal);
  }

  /**
   * Has those who asked for it do what they want to do before the node is ended, such as ending the pods; blocks until
   * they have done it, however long that is.
   */
  void beforeEnd() {
    BundleContext context = framework.getBundleContext();
    try {
      for (ServiceReference<?> reference : context.getServiceReferences(Callable.class, BEFORE_END)) {
        if (context.getService(reference) instanceof Callable<?> work) {
          work.call();
          context.ungetService(reference);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      // Whatever it was, the node has to end.
      complain("the pods could not be ended before the node: " + Reasons.of(e), e, false);
    }
  }

  /** Stops all bundles; blocks until that is done, 60 seconds at most. */
  void stop() throws InterruptedException {
    try {
      framework.stop();
    } catch (BundleException e) {
      complain("the framework does not stop: " + Reasons.of(e), e, false);
      return;
    }
    if (framework.waitForStop(STOP_MILLIS).getType() == FrameworkEvent.WAIT_TIMEDOUT) {
      complain("a bundle did not stop within 60 s; ending without it", null, false);
    }
  }

  boolean stopped() {
    return (framework.getState() & (Bundle.ACTIVE | Bundle.STARTING)) == 0;
  }

  void onStopped(Runnable action) {
    Thread.ofVirtual().name("framework-end").start(() -> {
      try {
        framework.waitForStop(0);
        action.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }
}
