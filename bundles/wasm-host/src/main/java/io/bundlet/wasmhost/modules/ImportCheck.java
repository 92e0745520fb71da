package io.bundlet.wasmhost.modules;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.wasm.FunctionImport;
import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.HostModule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Whether all that a module imports is offered. */
public final class ImportCheck {
  private ImportCheck() {}

  /**
   * Checks, waiting for modules that are being exchanged.
   *
   * @throws ProviderFailure {@link ProviderFailure#INVALID} naming an import that nobody offers;
   *     {@link ProviderFailure#UNAVAILABLE} when its module was here and is not now
   */
  public static void check(String who, List<FunctionImport> imports, HostModules modules, Duration atMost)
      throws ProviderFailure, InterruptedException {
    for (FunctionImport wanted : imports) {
      if (modules.everSeen(wanted.module()) && !modules.await(wanted.module(), atMost)) {
        throw ProviderFailure.of(
            ProviderFailure.UNAVAILABLE,
            who + " imports " + name(wanted) + ", and the bundle of host module " + wanted.module() + " is gone");
      }
      Optional<HostModule> module = modules.find(wanted.module());
      FunctionType offered = module.map(m -> m.functions().get(wanted.name())).orElse(null);
      if (offered == null) {
        throw ProviderFailure.of(
            ProviderFailure.INVALID,
            who + " imports " + name(wanted) + ", which nothing on this node offers"
                + (module.isPresent() ? "" : ": there is no host module " + wanted.module())
                + "; build it without that import, or install a bundle that offers it");
      }
      if (!offered.equals(wanted.type())) {
        throw ProviderFailure.of(
            ProviderFailure.INVALID,
            who + " imports " + name(wanted) + " as " + wanted.type() + ", but it is " + offered);
      }
    }
  }

  private static String name(FunctionImport wanted) {
    return wanted.module() + "." + wanted.name();
  }
}
