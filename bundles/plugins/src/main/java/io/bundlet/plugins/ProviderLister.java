package io.bundlet.plugins;

import io.bundlet.api.admin.ProviderView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts together what the framework, the component runtime, the services themselves and the plugins folder know of each
 * exchangeable part. Holds no service of another bundle longer than the question takes.
 */
final class ProviderLister {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderLister.class);
  private static final Comparator<ProviderView> ORDER =
      Comparator.comparingInt((ProviderView view) -> order(view.kind()))
          .thenComparing(ProviderView::name)
          .thenComparing(ProviderView::version);

  /** Not wrong, as libraries are bundles too, but a vendor whose component has no description should see it at once. */
  private static final String NO_PROVIDER =
      "offers no provider; if it should, see that bnd has found its @Component(service = ...)";

  private final BundleContext context;
  private final Deployer deployer;

  ProviderLister(BundleContext context, Deployer deployer) {
    this.context = context;
    this.deployer = deployer;
  }

  /** @param components null while the component runtime is away; less is then known of those that wait */
  List<ProviderView> list(ServiceComponentRuntime components) {
    List<ProviderView> views = new ArrayList<>();
    for (Bundle bundle : context.getBundles()) {
      if (bundle.getSymbolicName() == null) {
        continue;
      }
      Set<SpiKind> offered = offered(bundle);
      boolean plugin = deployer.running().containsKey(bundle.getSymbolicName());
      if (offered.isEmpty() && !plugin || bundle.getState() == Bundle.UNINSTALLED) {
        continue;
      }
      String origin = plugin ? "plugin" : "distribution";
      Set<SpiKind> told = new HashSet<>();
      if (bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING) {
        services(components, bundle, origin, views, told);
        if (components != null) {
          ComponentStates.of(components, bundle, told).forEach(state -> {
            told.add(state.kind());
            views.add(view(state.name(), state.kind().word(), bundle, origin, state.state(), state.message(),
                List.of()));
          });
        }
      }
      if (told.isEmpty()) {
        views.add(bundleOnly(bundle, offered, origin));
      }
    }
    fromFolder(views);
    views.sort(ORDER);
    return List.copyOf(views);
  }

  private static int order(String kind) {
    for (SpiKind known : SpiKind.values()) {
      if (known.word().equals(kind)) {
        return known.ordinal();
      }
    }
    return SpiKind.values().length;
  }

  private void services(
      ServiceComponentRuntime components, Bundle bundle, String origin, List<ProviderView> views, Set<SpiKind> told) {
    ServiceReference<?>[] references = bundle.getRegisteredServices();
    for (ServiceReference<?> reference : references == null ? new ServiceReference<?>[0] : references) {
      for (String type : (String[]) reference.getProperty(Constants.OBJECTCLASS)) {
        SpiKind.of(type).ifPresent(kind -> {
          told.add(kind);
          views.add(ask(components, reference, kind, bundle, origin));
        });
      }
    }
  }

  private ProviderView ask(
      ServiceComponentRuntime components, ServiceReference<?> reference, SpiKind kind, Bundle bundle, String origin) {
    Object property = reference.getProperty(kind.property());
    String name = property == null ? bundle.getSymbolicName() : property.toString();
    Object service = context.getService(reference);
    if (service == null) {
      // A component is activated when somebody asks for its service; that it failed is known only now.
      String why = components == null
          ? "its component cannot be activated; see the log"
          : ComponentStates.failure(components, bundle, reference.getProperty("component.name"));
      return view(name, kind.word(), bundle, origin, "Failed", why, List.of());
    }
    try {
      SpiKind.Live live = kind.ask(service);
      return view(
          name, kind.word(), bundle, origin, live.ready() ? "Ready" : "NotReady", live.message(), live.details());
    } catch (RuntimeException | LinkageError e) {
      // A vendor's defect must not hide all the others.
      LOG.debug("{} of {}", kind.word(), bundle.getSymbolicName(), e);
      return view(name, kind.word(), bundle, origin, "Failed", "it answers with " + e, List.of());
    } finally {
      context.ungetService(reference);
    }
  }

  /** What a bundle would offer by its manifest, which can be read also while it cannot be resolved. */
  private static Set<SpiKind> offered(Bundle bundle) {
    Set<SpiKind> kinds = new HashSet<>();
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    if (revision != null) {
      for (BundleCapability capability : revision.getDeclaredCapabilities("osgi.service")) {
        Object types = capability.getAttributes().get(Constants.OBJECTCLASS);
        List<?> names = types instanceof List<?> list ? list : types == null ? List.of() : List.of(types);
        names.forEach(type -> SpiKind.of(type.toString()).ifPresent(kinds::add));
      }
    }
    return kinds;
  }

  private ProviderView bundleOnly(Bundle bundle, Set<SpiKind> offered, String origin) {
    String kind = offered.stream().sorted().findFirst().map(SpiKind::word).orElse("bundle");
    return switch (bundle.getState()) {
      case Bundle.ACTIVE -> offered.isEmpty()
          ? view(bundle.getSymbolicName(), kind, bundle, origin, "Ready", NO_PROVIDER, List.of())
          : view(bundle.getSymbolicName(), kind, bundle, origin, "Waiting", "its service is not there", List.of());
      case Bundle.INSTALLED -> view(bundle.getSymbolicName(), kind, bundle, origin, "Failed",
          "cannot be resolved: " + BundleExchange.missing(context, bundle, null), List.of());
      case Bundle.STARTING -> view(bundle.getSymbolicName(), kind, bundle, origin, "Waiting", "starting", List.of());
      default -> view(bundle.getSymbolicName(), kind, bundle, origin, "Stopped", "", List.of());
    };
  }

  private void fromFolder(List<ProviderView> views) {
    for (Deployer.Failure failure : deployer.failures()) {
      views.add(new ProviderView(failure.symbolicName(), "bundle", failure.symbolicName(), failure.version(), "plugin",
          "Failed", failure.file().name() + ": " + failure.reason(), List.of("file: " + failure.file().name())));
    }
    for (Map.Entry<PluginJar, String> entry : deployer.shadowed().entrySet()) {
      PluginJar jar = entry.getKey();
      views.add(new ProviderView(jar.symbolicName(), "bundle", jar.symbolicName(), jar.version().toString(), "plugin",
          "Stopped", jar.stamp().name() + ": " + entry.getValue(), List.of("file: " + jar.stamp().name())));
    }
  }

  private static ProviderView view(
      String name, String kind, Bundle bundle, String origin, String state, String message, List<String> details) {
    return new ProviderView(
        name, kind, bundle.getSymbolicName(), bundle.getVersion().toString(), origin, state, message, details);
  }
}
