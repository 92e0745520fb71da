package io.bundlet.wasm.engine.wasmtime;

import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.EngineInfo;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.WasmEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The engine wasmtime as a service. Instances and modules that exist go on when the component stops. */
@Component(
    service = WasmEngine.class,
    property = WasmEngine.NAME + "=" + WasmtimeEngine.ENGINE,
    configurationPid = "io.bundlet.wasm-engine-wasmtime")
@Designate(ocd = WasmtimeEngine.Settings.class)
public final class WasmtimeEngine implements WasmEngine {
  static final String ENGINE = "wasmtime";

  private static final EngineInfo INFO = new EngineInfo(
      ENGINE,
      "wasmtime 7 (wasmtime-java 0.19.0)",
      Set.of(
          "bulk-memory", "multi-value", "nontrapping-float-to-int", "reference-types", "sign-extension", "simd"),
      true,
      4 << 20,
      false,
      List.of(
          "a call into Java takes some ten microseconds, and a run may make as many as host.call.budget says",
          "WASI has no clocks of processor time and no sockets; programs for wasi_unstable are refused"));

  /** What can be configured. */
  @ObjectClassDefinition(name = "Bundlet wasm engine: wasmtime")
  @interface Settings {
    @AttributeDefinition(
        description = "Where compiled modules are kept, readable and writable for the node's user only; "
            + "empty: each instance compiles its module again")
    String cache_directory() default "";

    @AttributeDefinition(
        description = "How many bytes of compiled modules are kept; of more than that, those go that were used longest "
            + "ago, but not within three hours")
    long cache_limit() default 1L << 30;

    @AttributeDefinition(
        description = "How many calls into Java one run of a guest may make; each keeps about 140 bytes of "
            + "heap until the run ends")
    long host_call_budget() default 200_000;
  }

  private volatile Settings settings;
  private volatile EngineFactory factory;

  @Activate
  public WasmtimeEngine(Settings settings) {
    this.settings = settings;
    this.factory = new EngineFactory(cache(settings));
  }

  @Modified
  void modified(Settings changed) {
    boolean moved = !changed.cache_directory().equals(settings.cache_directory())
        || changed.cache_limit() != settings.cache_limit();
    settings = changed;
    if (moved) {
      EngineFactory old = factory;
      factory = new EngineFactory(cache(changed));
      old.close();
    }
  }

  @Deactivate
  void deactivate() {
    factory.close();
  }

  @Override
  public EngineInfo info() {
    return INFO;
  }

  @Override
  public CompiledModule compile(Path wasm, String digest, CompileLimits limits) throws InvalidModule {
    requireDeepStack();
    ModuleFile file = ModuleFile.read(wasm, limits);
    WasmtimeModule module = new WasmtimeModule(() -> factory, file, digest, settings.host_call_budget());
    module.compile();
    return module;
  }

  /** Guests and the compiler recurse; on a virtual thread they would also hold its carrier for as long as they run. */
  static void requireDeepStack() {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("the engine wasmtime needs a platform thread with "
          + INFO.stackBytes() + " bytes of stack");
    }
  }

  private static Optional<CompileCache> cache(Settings settings) {
    return settings.cache_directory().isBlank()
        ? Optional.empty()
        : Optional.of(new CompileCache(
            Path.of(settings.cache_directory()), INFO.version() + ", " + EngineFactory.SETTINGS,
            settings.cache_limit()));
  }
}
