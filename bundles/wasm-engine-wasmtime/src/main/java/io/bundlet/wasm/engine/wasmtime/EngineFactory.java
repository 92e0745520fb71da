package io.bundlet.wasm.engine.wasmtime;

import io.github.kawamuray.wasmtime.Config;
import io.github.kawamuray.wasmtime.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes wasmtime engines, those of one module with one configuration and one place in the cache. Loads the native
 * library at first use. Any thread.
 */
final class EngineFactory implements AutoCloseable {
  /** How much of a thread's stack a guest may use. Guests' threads have four times as much. */
  private static final long GUEST_STACK = 1 << 20;
  /** What else decides on the code that is made. */
  static final String SETTINGS = "epochs, stack " + GUEST_STACK;
  /** A configuration with a cache has a thread of wasmtime's. Modules that are used rarely can do without. */
  private static final int CONFIGURATIONS = 32;

  private static final Logger log = LoggerFactory.getLogger(EngineFactory.class);

  private final Optional<CompileCache> cache;
  private final Map<String, Config> configurations = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  EngineFactory(Optional<CompileCache> cache) {
    this.cache = cache;
  }

  /** A directory for files that live for a moment. */
  Path scratch() throws IOException {
    if (cache.isPresent()) {
      return cache.get().scratch();
    }
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** An engine for instances of this module. Blocks while what was compiled of it is looked through. */
  Engine newEngine(String digest) {
    Optional<Path> place = Optional.empty();
    if (cache.isPresent()) {
      try {
        place = Optional.of(cache.get().entry(digest).open());
      } catch (IOException e) {
        log.warn("{} is compiled without the cache, which cannot be used: {}", digest, e.toString());
      }
    }
    return engine(place);
  }

  private synchronized Engine engine(Optional<Path> place) {
    if (closed) {
      throw new IllegalStateException("the engine's component was stopped");
    }
    String key = place.map(Path::toString).orElse("");
    Config known = configurations.get(key);
    if (known != null) {
      return new Engine(known);
    }
    Config config = configuration();
    try {
      place.ifPresent(config::cacheConfigLoad);
    } catch (RuntimeException e) {
      config.dispose();
      log.warn("compiled without the cache this time, as wasmtime refuses {}: {}", place.get(), e.toString());
      return engine(Optional.empty());
    }
    configurations.put(key, config);
    Engine engine = new Engine(config);
    if (configurations.size() > CONFIGURATIONS) {
      String oldest = configurations.keySet().iterator().next();
      configurations.remove(oldest).dispose();
    }
    return engine;
  }

  /** The module was compiled, or read from the cache. Blocks. */
  void compiled(String digest) {
    if (cache.isPresent()) {
      try {
        if (cache.get().entry(digest).seal()) {
          cache.get().trim();
        }
      } catch (IOException e) {
        log.warn("{} will be compiled again, as the cache cannot be written: {}", digest, e.toString());
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    configurations.values().forEach(Config::dispose);
    configurations.clear();
  }

  private static Config configuration() {
    Config made = new Config();
    made.epochInterruption(true);
    made.maxWasmStack(GUEST_STACK);
    return made;
  }
}
