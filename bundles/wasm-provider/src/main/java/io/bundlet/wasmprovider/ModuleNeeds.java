package io.bundlet.wasmprovider;

import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.sections.Needs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What modules need, each read once; the latest are remembered. Any thread. */
final class ModuleNeeds {
  private static final Logger LOG = LoggerFactory.getLogger(ModuleNeeds.class);
  private static final int REMEMBERED = 256;
  /** Of a module that was not read. */
  static final Needs UNKNOWN = new Needs(Set.of(), Set.of(), false);

  private final Map<String, Needs> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Needs> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** What a module needs, if it was read before. @param digest names its content */
  Optional<Needs> known(String digest) {
    synchronized (known) {
      return Optional.ofNullable(known.get(digest));
    }
  }

  /**
   * Reads what a module needs; blocks, some ten milliseconds for each megabyte. One that cannot be read is said to need
   * nothing: whoever is to compile it says what is wrong.
   */
  Needs read(String digest, Path module) {
    Needs read = read(module);
    if (read != UNKNOWN) {
      synchronized (known) {
        known.put(digest, read);
      }
    }
    return read;
  }

  private static Needs read(Path module) {
    // mapped: in the heap, a few modules at once could end the node
    try (FileChannel channel = FileChannel.open(module, StandardOpenOption.READ); Arena arena = Arena.ofConfined()) {
      long size = channel.size();
      if (size > CompileLimits.DEFAULT.moduleBytes()) {
        return UNKNOWN;
      }
      return Needs.of(channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena).asByteBuffer());
    } catch (IOException | InternalError e) { // the JVM's answer when a mapped file has become shorter
      LOG.debug("what {} needs is not known: {}", module, e.toString());
      return UNKNOWN;
    }
  }
}
