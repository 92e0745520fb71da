package io.bundlet.plugins;

import io.bundlet.api.admin.PluginFailure;
import io.bundlet.api.admin.ProviderAdmin;
import io.bundlet.api.admin.ProviderView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.LoggerFactory;

/** Watches the plugins folder and answers for what it holds. */
@Component(
    // The folder is watched whether or not somebody asks for the service.
    immediate = true,
    configurationPid = "io.bundlet.plugins",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = PluginAdmin.Settings.class)
public final class PluginAdmin implements ProviderAdmin {
  private static final Duration PATIENCE = Duration.ofMillis(700);

  @ObjectClassDefinition(name = "Bundlet Plugins")
  @interface Settings {
    @AttributeDefinition(description = "The folder whose jars go over the distribution.")
    String plugins_directory();

    @AttributeDefinition(description = "The distribution's bundles.")
    String distribution_directory();

    @AttributeDefinition(description = "Where it is kept which file each plugin came from.")
    String installed_file();

    @AttributeDefinition(description = "Symbolic names of bundles that are exchanged at the next start only.")
    String fixed() default "io.bundlet.api,io.bundlet.libs.wasmtime,io.bundlet.plugins";

    @AttributeDefinition(description = "Symbolic names of bundles that may be restarted with a library that they use.")
    String restartable() default "";

    @AttributeDefinition(description = "Files that are not started, each as: size, time in milliseconds, name.")
    String[] quarantine() default {};
  }

  private final BundleContext context;
  private volatile ServiceComponentRuntime components;
  private volatile PluginWatcher watcher;
  private volatile ProviderLister lister;
  private Settings settings;

  @Activate
  public PluginAdmin(BundleContext context, Settings settings) {
    this.context = context;
    open(settings);
  }

  private void open(Settings wanted) {
    settings = wanted;
    Policy policy = new Policy(words(wanted.fixed()), words(wanted.restartable()));
    Deployer deployer = new Deployer(
        new BundleExchange(context, policy),
        new DistributionJars(Path.of(wanted.distribution_directory())),
        new InstalledRecord(Path.of(wanted.installed_file())),
        Set.of(wanted.quarantine()));
    lister = new ProviderLister(context, deployer);
    Path directory = Path.of(wanted.plugins_directory());
    Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    watcher = new PluginWatcher(
        directory, new PluginFolder(directory, PATIENCE), deployer, () -> framework.getState() == Bundle.ACTIVE,
        () -> {
          ClassLoadingRecords.forgetEnded(context);
          ServiceUseRecords.forgetUninstalled(framework);
          LoggerRecords.forgetUninstalled(LoggerFactory.getILoggerFactory());
        });
    watcher.start();
  }

  private static Set<String> words(String list) {
    return Arrays.stream(list.split(",")).map(String::strip).filter(word -> !word.isEmpty())
        .collect(Collectors.toCollection(HashSet::new));
  }

  @Modified
  void modified(Settings changed) {
    boolean same = changed.plugins_directory().equals(settings.plugins_directory())
        && changed.fixed().equals(settings.fixed())
        && changed.restartable().equals(settings.restartable());
    if (!same) {
      watcher.close();
      open(changed);
    }
  }

  @Deactivate
  void deactivate() {
    watcher.close();
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindComponents(ServiceComponentRuntime runtime) {
    components = runtime;
  }

  void unbindComponents(ServiceComponentRuntime runtime) {
    if (components == runtime) {
      components = null;
    }
  }

  @Override
  public List<ProviderView> providers() {
    return lister.list(components);
  }

  @Override
  public Optional<ProviderView> provider(String name) {
    List<ProviderView> all = providers();
    return all.stream().filter(view -> view.name().equals(name)).findFirst()
        .or(() -> all.stream().filter(view -> view.bundle().equals(name)).findFirst());
  }

  @Override
  public ProviderView install(Path jar) throws PluginFailure {
    return commands().install(jar);
  }

  @Override
  public ProviderView update(String name, Path jar) throws PluginFailure {
    return commands().update(name, jar);
  }

  @Override
  public void remove(String name) throws PluginFailure {
    commands().remove(name);
  }

  private PluginCommands commands() {
    return new PluginCommands(context, watcher, this);
  }
}
