package io.bundlet.e2e.swap.witness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleWiring;

/**
 * A bundle that the tests put into a node: writes each bundle event to the file {@code events}, remembers the class
 * loader of each revision weakly, and tells when it is asked by a file {@code ask} which of them are left after a
 * collection.
 */
public final class Witness implements BundleActivator, SynchronousBundleListener {
  /** A header of the witness's manifest: where its files are. */
  public static final String DIRECTORY = "Witness-Directory";

  private static final class Loader {
    private final String bundle;
    private final String version;
    private final WeakReference<ClassLoader> loader;

    private Loader(Bundle bundle, ClassLoader loader) {
      this.bundle = bundle.getSymbolicName();
      this.version = bundle.getVersion().toString();
      this.loader = new WeakReference<>(loader);
    }
  }

  private final List<Loader> loaders = new ArrayList<>();
  private BundleContext context;
  private Path directory;
  private Thread answering;

  @Override
  public void start(BundleContext started) throws IOException {
    context = started;
    directory = Path.of(started.getBundle().getHeaders("").get(DIRECTORY));
    started.addBundleListener(this);
    for (Bundle bundle : started.getBundles()) {
      remember(bundle);
    }
    answering = Thread.ofPlatform().daemon().name("witness").start(this::answer);
  }

  @Override
  public void stop(BundleContext stopped) {
    answering.interrupt();
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    Bundle bundle = event.getBundle();
    write("events", "%d %s %s %s\n".formatted(
        System.currentTimeMillis(), bundle.getSymbolicName(), bundle.getVersion(), type(event.getType())));
    if (event.getType() == BundleEvent.RESOLVED) {
      remember(bundle);
    }
  }

  private synchronized void remember(Bundle bundle) {
    BundleWiring wiring = bundle.adapt(BundleWiring.class);
    ClassLoader loader = wiring == null || bundle.getBundleId() == 0 ? null : wiring.getClassLoader();
    if (loader != null && loaders.stream().noneMatch(known -> known.loader.refersTo(loader))) {
      loaders.add(new Loader(bundle, loader));
    }
  }

  private void answer() {
    try {
      while (!Thread.interrupted()) {
        if (Files.deleteIfExists(directory.resolve("ask"))) {
          report();
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    } catch (IOException failed) {
      write("events", "the witness ends: " + failed + "\n");
    }
  }

  private void report() throws IOException {
    System.gc();
    StringBuilder text = new StringBuilder();
    long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    text.append("heap ").append(used).append('\n');
    long metaspace = ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().equals("Metaspace")).mapToLong(pool -> pool.getUsage().getUsed()).sum();
    text.append("metaspace ").append(metaspace).append('\n');
    text.append("classes ").append(ManagementFactory.getClassLoadingMXBean().getLoadedClassCount()).append('\n');
    text.append("threads ").append(ManagementFactory.getThreadMXBean().getThreadCount()).append('\n');
    synchronized (this) {
      for (Loader loader : loaders) {
        text.append(loader.loader.refersTo(null) ? "gone " : current(loader) ? "current " : "old ")
            .append(loader.bundle).append(' ').append(loader.version).append('\n');
      }
      loaders.removeIf(loader -> loader.loader.refersTo(null));
    }
    Files.writeString(directory.resolve("answer.tmp"), text);
    Files.move(directory.resolve("answer.tmp"), directory.resolve("answer"), StandardCopyOption.ATOMIC_MOVE);
  }

  private boolean current(Loader loader) {
    for (Bundle bundle : context.getBundles()) {
      BundleWiring wiring = bundle.getBundleId() == 0 ? null : bundle.adapt(BundleWiring.class);
      if (wiring != null && loader.loader.refersTo(wiring.getClassLoader())) {
        return true;
      }
    }
    return false;
  }

  private void write(String file, String text) {
    try {
      Files.writeString(directory.resolve(file), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static String type(int type) {
    return switch (type) {
      case BundleEvent.INSTALLED -> "INSTALLED";
      case BundleEvent.RESOLVED -> "RESOLVED";
      case BundleEvent.STARTING -> "STARTING";
      case BundleEvent.STARTED -> "STARTED";
      case BundleEvent.STOPPING -> "STOPPING";
      case BundleEvent.STOPPED -> "STOPPED";
      case BundleEvent.UNRESOLVED -> "UNRESOLVED";
      case BundleEvent.UPDATED -> "UPDATED";
      case BundleEvent.UNINSTALLED -> "UNINSTALLED";
      case BundleEvent.LAZY_ACTIVATION -> "LAZY_ACTIVATION";
      default -> "EVENT" + type;
    };
  }
}
