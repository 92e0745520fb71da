package io.bundlet.wasmhost;

import io.bundlet.api.wasm.WasmEngine;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/** Loads the engine wasmtime by a class loader of its own, as a framework does, so that it can go for good. */
final class EngineLoader extends URLClassLoader {
  EngineLoader() throws Exception {
    super(new URL[] {classes("wasm-engine-wasmtime"), classes("sections")}, EngineLoader.class.getClassLoader());
  }

  private static URL classes(String bundle) throws Exception {
    return Path.of("../" + bundle + "/target/classes/").toRealPath().toUri().toURL();
  }

  WasmEngine engine() throws Exception {
    Constructor<?> made = loadClass("io.bundlet.wasm.engine.wasmtime.WasmtimeEngine").getConstructors()[0];
    Class<?> settings = made.getParameterTypes()[0];
    Object defaults = Proxy.newProxyInstance(this, new Class<?>[] {settings}, (p, m, a) -> m.getDefaultValue());
    return (WasmEngine) made.newInstance(defaults);
  }
}
