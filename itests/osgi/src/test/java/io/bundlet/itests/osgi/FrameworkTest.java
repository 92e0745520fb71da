package io.bundlet.itests.osgi;

import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.admin.PodView;
import io.bundlet.api.runtime.RuntimeProvider;
import io.bundlet.testkit.node.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import javax.inject.Inject;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** What the tests need inside the framework. */
@RunWith(PaxExam.class)
public abstract class FrameworkTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);

  @Inject protected BundleContext context;

  protected final Path directory() {
    return Framework.directory(getClass());
  }

  protected static void until(String what, Callable<Boolean> so) {
    Eventually.until(what, LIMIT, so);
  }

  protected final Bundle bundle(String symbolicName) {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no bundle " + symbolicName));
  }

  /** A service, waited for. */
  protected final <T> T service(Class<T> type) {
    return Eventually.value("a service " + type.getSimpleName(), LIMIT, () -> {
      ServiceReference<T> reference = context.getServiceReference(type);
      return Optional.ofNullable(reference == null ? null : context.getService(reference));
    });
  }

  protected final NodeAdmin node() {
    return service(NodeAdmin.class);
  }

  /** Makes the vendor's provider known. */
  protected final ServiceRegistration<RuntimeProvider> offer(VendorProvider provider) {
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put(RuntimeProvider.NAME, VendorProvider.NAME);
    return context.registerService(RuntimeProvider.class, provider, properties);
  }

  /** Writes a manifest into the directory that is watched. */
  protected final void pod(String name, String spec) throws IOException {
    pod(directory().resolve("manifests"), name, spec);
  }

  protected final void pod(Path folder, String name, String spec) throws IOException {
    Path half = folder.resolve("." + name + ".half");
    Files.writeString(half, "apiVersion: v1\nkind: Pod\nmetadata:\n  name: " + name + "\nspec:\n" + spec.indent(2));
    Files.move(half, folder.resolve(name + ".yaml"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Waits until the pod is there and so. */
  protected final PodView until(String name, String what, Predicate<PodView> so) {
    PodView[] last = new PodView[1];
    try {
      return Eventually.value("pod " + name + " " + what, LIMIT, () -> {
        ServiceReference<NodeAdmin> reference = context.getServiceReference(NodeAdmin.class);
        NodeAdmin admin = reference == null ? null : context.getService(reference);
        if (admin == null) {
          return Optional.empty();
        }
        Optional<PodView> view = admin.pod(name);
        last[0] = view.orElse(null);
        return view.filter(so);
      });
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; last seen " + last[0]);
    }
  }

  protected final PodView untilRunning(String name) {
    return until(name, "runs", view ->
        view.phase().equals("Running") && view.containers().stream().allMatch(each -> each.state().equals("Running")));
  }

  /** Sets one value of a configuration. */
  protected final void configure(String pid, String key, Object value) throws IOException {
    Configuration configuration = service(ConfigurationAdmin.class).getConfiguration(pid, "?");
    Dictionary<String, Object> properties = configuration.getProperties();
    Dictionary<String, Object> changed = properties == null ? new Hashtable<>() : properties;
    changed.put(key, value);
    configuration.update(changed);
  }
}
