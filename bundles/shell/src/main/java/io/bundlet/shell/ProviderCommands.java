package io.bundlet.shell;

import io.bundlet.api.admin.PluginFailure;
import io.bundlet.api.admin.ProviderAdmin;
import io.bundlet.api.admin.ProviderView;
import java.time.Duration;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code provider:list}, {@code provider:info}, {@code provider:install|update|remove}. */
@Component(
    service = ProviderCommands.class,
    property = {
      "osgi.command.scope=provider",
      "osgi.command.function=list",
      "osgi.command.function=info",
      "osgi.command.function=install",
      "osgi.command.function=update",
      "osgi.command.function=remove"
    })
public final class ProviderCommands {
  private final ServiceHolder<ProviderAdmin> providers =
      new ServiceHolder<>("the plugins bundle", Duration.ofSeconds(2));

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindProviders(ProviderAdmin admin) {
    providers.bind(admin);
  }

  void unbindProviders(ProviderAdmin admin) {
    providers.unbind(admin);
  }

  @Descriptor("lists providers, engines, drivers and plugins, failed ones too")
  public List<Object> list() throws CommandFailure, InterruptedException {
    return new Listing(providers.get().providers(), "no providers");
  }

  @Descriptor("shows everything about a provider")
  public ProviderView info(@Descriptor("its name or its bundle's symbolic name") String name)
      throws CommandFailure, InterruptedException {
    return providers.get().provider(name)
        .orElseThrow(() -> new CommandFailure("no provider '" + name + "'; provider:list shows those there are"));
  }

  @Descriptor("adds a bundle to the node")
  public ProviderView install(CommandSession session, @Descriptor("the bundle's jar") String jar)
      throws CommandFailure, InterruptedException, PluginFailure {
    return providers.get().install(CallersPath.of(session, jar));
  }

  @Descriptor("exchanges a bundle for another version while the node runs")
  public ProviderView update(
      CommandSession session,
      @Descriptor("the provider's name or its bundle's symbolic name") String name,
      @Descriptor("the bundle's jar") String jar)
      throws CommandFailure, InterruptedException, PluginFailure {
    return providers.get().update(name, CallersPath.of(session, jar));
  }

  @Descriptor("takes a bundle out of the node")
  public String remove(@Descriptor("the provider's name or its bundle's symbolic name") String name)
      throws CommandFailure, InterruptedException, PluginFailure {
    ProviderAdmin admin = providers.get();
    String bundle = admin.provider(name).map(ProviderView::bundle).orElse(name);
    admin.remove(name);
    return admin.providers().stream().filter(view -> view.bundle().equals(bundle)).findFirst()
        .map(left -> left.state().equals("Stopped")
            ? name + " is of the distribution and is stopped now; it is back at the node's next start, or with"
                + " provider:update " + bundle + " JAR"
            : name + " removed; " + left.version() + " of the " + left.origin() + " is in its place")
        .orElse(name + " removed");
  }
}
