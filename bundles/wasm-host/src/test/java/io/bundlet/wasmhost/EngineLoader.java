package io.bundlet.wasmhost;

import io.bundlet.api.wasm.WasmEngine;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;

/** Loads an engine by a class loader of its own, as a framework does, so that it can go for good. */
public final class EngineLoader extends URLClassLoader {
  private static final Map<String, String> CLASSES = Map.of(
      "wasmtime", "io.bundlet.wasm.engine.wasmtime.WasmtimeEngine",
      "endive", "io.bundlet.wasmengine.endive.EndiveEngine");

  private final String name;

  EngineLoader() throws Exception {
    this("wasmtime");
  }

  /** @param name the engine's */
  public EngineLoader(String name) throws Exception {
    super(new URL[] {classes("wasm-engine-" + name), classes("sections")}, EngineLoader.class.getClassLoader());
    this.name = name;
  }

  private static URL classes(String bundle) throws Exception {
    return Path.of("../" + bundle + "/target/classes/").toRealPath().toUri().toURL();
  }

  WasmEngine engine() throws Exception {
    return engine(Map.of());
  }

  /** Makes one. @param given settings that are not to be as by default */
  public WasmEngine engine(Map<String, Object> given) throws Exception {
    Constructor<?> made = loadClass(CLASSES.get(name)).getConstructors()[0];
    if (made.getParameterCount() == 0) {
      return (WasmEngine) made.newInstance();
    }
    Class<?> settings = made.getParameterTypes()[0];
    Object chosen = Proxy.newProxyInstance(
        this, new Class<?>[] {settings}, (p, m, a) -> given.getOrDefault(m.getName(), m.getDefaultValue()));
    return (WasmEngine) made.newInstance(chosen);
  }
}
