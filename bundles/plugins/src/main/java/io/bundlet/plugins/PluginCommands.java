package io.bundlet.plugins;

import io.bundlet.api.admin.PluginFailure;
import io.bundlet.api.admin.ProviderAdmin;
import io.bundlet.api.admin.ProviderView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** Commands: each writes to the plugins folder and waits for what comes of it. */
final class PluginCommands {
  private static final long PATIENCE_MILLIS = 10_000;
  private static final long LOOK_MILLIS = 50;

  private final BundleContext context;
  private final PluginWatcher watcher;
  private final ProviderAdmin admin;

  PluginCommands(BundleContext context, PluginWatcher watcher, ProviderAdmin admin) {
    this.context = context;
    this.watcher = watcher;
    this.admin = admin;
  }

  ProviderView install(Path jar) throws PluginFailure {
    PluginJar plugin = read(jar);
    if (bundle(plugin.symbolicName()).isPresent()) {
      throw new PluginFailure("there is a bundle " + plugin.symbolicName()
          + " already; exchange it with provider:update");
    }
    return put(plugin);
  }

  ProviderView update(String name, Path jar) throws PluginFailure {
    PluginJar plugin = read(jar);
    String symbolicName = symbolicName(name);
    if (!plugin.symbolicName().equals(symbolicName)) {
      throw new PluginFailure(jar + " is the bundle " + plugin.symbolicName() + ", not " + symbolicName);
    }
    return put(plugin);
  }

  void remove(String name) throws PluginFailure {
    Optional<Deployer.Failure> failed = watcher.deployer().failures().stream()
        .filter(failure -> failure.symbolicName().equals(name) || failure.file().name().equals(name)).findFirst();
    String symbolicName = failed.map(Deployer.Failure::symbolicName).orElse("");
    Path file;
    if (failed.isPresent()) {
      file = watcher.directory().resolve(failed.get().file().name());
    } else {
      symbolicName = symbolicName(name);
      PluginJar running = watcher.deployer().running().get(symbolicName);
      file = running == null ? null : running.file();
    }
    if (file == null) {
      stop(symbolicName);
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new PluginFailure(file + " cannot be removed: " + e.getMessage(), e);
    }
    look();
    if (watcher.deployer().running().containsKey(symbolicName)
        && watcher.deployer().running().get(symbolicName).file().equals(file)) {
      throw new PluginFailure(symbolicName + " runs on until the node's next start; its file is removed");
    }
  }

  private void stop(String symbolicName) throws PluginFailure {
    Bundle bundle = bundle(symbolicName).orElseThrow(() -> new PluginFailure("no bundle " + symbolicName));
    try {
      bundle.stop();
    } catch (BundleException e) {
      throw new PluginFailure(symbolicName + " cannot be stopped: " + e.getMessage(), e);
    }
  }

  private ProviderView put(PluginJar plugin) throws PluginFailure {
    Path target = watcher.directory().resolve(plugin.symbolicName() + ".jar");
    Path aside = watcher.directory().resolve("." + plugin.symbolicName() + ".before");
    Path fresh = watcher.directory().resolve("." + plugin.symbolicName() + ".tmp");
    boolean replaced = false;
    PluginJar.Stamp stamp;
    try {
      Files.createDirectories(watcher.directory());
      Files.copy(plugin.file(), fresh, StandardCopyOption.REPLACE_EXISTING);
      // Its own time, so that the same file put twice counts as new.
      Files.setLastModifiedTime(fresh, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis()));
      if (Files.exists(target)) {
        Files.copy(target, aside, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        replaced = true;
      }
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      stamp = PluginJar.Stamp.of(target);
    } catch (IOException e) {
      throw new PluginFailure("the plugins folder " + watcher.directory() + " cannot be written: " + e.getMessage(), e);
    }
    try {
      ProviderView view = outcome(plugin, stamp);
      Files.deleteIfExists(aside);
      return view;
    } catch (IOException e) {
      throw new PluginFailure(aside + " cannot be removed: " + e.getMessage(), e);
    } catch (PluginFailure e) {
      undo(target, replaced ? aside : null, e);
      throw e;
    }
  }

  private void undo(Path target, Path aside, PluginFailure why) {
    try {
      if (aside == null) {
        Files.deleteIfExists(target);
      } else {
        Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
      look();
    } catch (IOException | PluginFailure e) {
      why.addSuppressed(e);
    }
  }

  private ProviderView outcome(PluginJar plugin, PluginJar.Stamp stamp) throws PluginFailure {
    String name = plugin.symbolicName();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (true) {
      look();
      for (Deployer.Failure failure : watcher.deployer().failures()) {
        if (failure.file().equals(stamp)) {
          throw new PluginFailure(name + " " + plugin.version() + " was not taken: " + failure.reason());
        }
      }
      for (var entry : watcher.deployer().shadowed().entrySet()) {
        if (entry.getKey().stamp().equals(stamp)) {
          throw new PluginFailure(name + " " + plugin.version() + " was not taken: " + entry.getValue());
        }
      }
      List<ProviderView> views = admin.providers().stream()
          .filter(view -> view.bundle().equals(name) && view.details().stream().noneMatch(d -> d.startsWith("file: ")))
          .toList();
      Optional<ProviderView> failed = views.stream().filter(view -> view.state().equals("Failed")).findFirst();
      if (failed.isPresent()) {
        throw new PluginFailure(name + " " + plugin.version() + " does not work: " + failed.get().message());
      }
      Optional<ProviderView> waiting = views.stream().filter(view -> view.state().equals("Waiting")).findFirst();
      PluginJar running = watcher.deployer().running().get(name);
      if (running != null && running.stamp().equals(stamp) && waiting.isEmpty() && !views.isEmpty()) {
        return views.get(0);
      }
      if (System.nanoTime() - end > 0) {
        throw new PluginFailure(name + " " + plugin.version() + " did not start within " + PATIENCE_MILLIS / 1000 + " s"
            + waiting.map(view -> ": " + view.message()).orElse(""));
      }
      pause();
    }
  }

  private static void pause() throws PluginFailure {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PluginFailure("interrupted", e);
    }
  }

  private void look() throws PluginFailure {
    try {
      if (!watcher.look(PATIENCE_MILLIS)) {
        throw new PluginFailure("the plugins folder is still being worked on; provider:list shows how it goes");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PluginFailure("interrupted", e);
    }
  }

  private static PluginJar read(Path jar) throws PluginFailure {
    if (!Files.exists(jar)) {
      throw new PluginFailure(jar + ": there is no such file (as the node sees it)");
    }
    if (!Files.isRegularFile(jar)) {
      throw new PluginFailure(jar + (Files.isDirectory(jar) ? " is a directory" : " is no file")
          + "; name a bundle's jar");
    }
    try {
      return PluginJar.read(jar);
    } catch (IOException e) {
      throw new PluginFailure(jar + ": " + e.getMessage(), e);
    }
  }

  private String symbolicName(String name) throws PluginFailure {
    return admin.provider(name).map(ProviderView::bundle)
        .or(() -> bundle(name).map(Bundle::getSymbolicName))
        .orElseThrow(() -> new PluginFailure("no provider '" + name + "'; provider:list shows those there are"));
  }

  private Optional<Bundle> bundle(String symbolicName) {
    for (Bundle bundle : context.getBundles()) {
      if (symbolicName.equals(bundle.getSymbolicName())) {
        return Optional.of(bundle);
      }
    }
    return Optional.empty();
  }
}
