package io.bundlet.api.admin;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The exchangeable parts of a running node. What is installed is what lies in the {@code plugins} folder over the
 * frozen distribution; these commands write to that folder and nothing else, then wait for the outcome.
 */
@ProviderType
public interface ProviderAdmin {
  /** Every provider, engine, driver, host module and capability: those that run, those that wait, those that failed. */
  List<ProviderView> providers();

  /** One of {@link #providers} by the name that the list shows or by its bundle's symbolic name. */
  Optional<ProviderView> provider(String name);

  /**
   * Puts a bundle into the plugins folder and waits up to 10 s until it runs.
   *
   * @param jar a bundle whose symbolic name is not there yet
   * @throws PluginFailure when it is no bundle, is there already, or does not start; the folder is then as before
   */
  ProviderView install(Path jar) throws PluginFailure;

  /**
   * Exchanges a bundle for another version of it and waits up to 10 s until it runs.
   *
   * @param name as in {@link #provider}
   * @param jar the other version: the same symbolic name
   * @throws PluginFailure also when the exchange would restart bundles that do not belong to it; nothing is changed
   *     then
   */
  ProviderView update(String name, Path jar) throws PluginFailure;

  /**
   * Takes a plugin out of the folder; a bundle that it stood over comes back. A bundle of the distribution itself is
   * stopped until the node restarts.
   */
  void remove(String name) throws PluginFailure;
}
