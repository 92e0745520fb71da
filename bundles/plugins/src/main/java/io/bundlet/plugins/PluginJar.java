package io.bundlet.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * A jar of the plugins folder or the distribution that is a bundle.
 *
 * @param file the jar
 * @param symbolicName its bundle's symbolic name
 * @param version its bundle's version
 * @param stamp tells this content of the file from another
 */
record PluginJar(Path file, String symbolicName, Version version, Stamp stamp) {
  /**
   * What tells a changed file.
   *
   * @param size its length in bytes
   * @param modified when it was written, in milliseconds of the epoch
   * @param name its name
   */
  record Stamp(long size, long modified, String name) {
    static Stamp of(Path file) throws IOException {
      return new Stamp(
          Files.size(file), Files.getLastModifiedTime(file).toMillis(), file.getFileName().toString());
    }

    @Override
    public String toString() {
      return size + " " + modified + " " + name;
    }
  }

  /**
   * Reads the manifest.
   *
   * @throws IOException with a message for people when it is no bundle
   */
  static PluginJar read(Path file) throws IOException {
    Stamp stamp = Stamp.of(file);
    try (JarFile jar = new JarFile(file.toFile())) {
      Manifest manifest = jar.getManifest();
      Attributes main = manifest == null ? new Attributes() : manifest.getMainAttributes();
      String name = main.getValue(Constants.BUNDLE_SYMBOLICNAME);
      if (name == null) {
        throw new IOException("no bundle: its manifest has no Bundle-SymbolicName; build it with bnd");
      }
      Version version = Version.parseVersion(main.getValue(Constants.BUNDLE_VERSION));
      return new PluginJar(file, name.split(";", 2)[0].strip(), version, stamp);
    } catch (ZipException e) {
      throw new IOException("no jar file, or not all of it; build or copy it again (" + e.getMessage() + ")", e);
    } catch (IllegalArgumentException e) {
      throw new IOException("its Bundle-Version cannot be read: " + e.getMessage(), e);
    }
  }

  /** Newest version first; of one version the file that was written last. */
  static int newestFirst(PluginJar one, PluginJar other) {
    int order = other.version().compareTo(one.version());
    if (order == 0) {
      order = Long.compare(other.stamp().modified(), one.stamp().modified());
    }
    return order != 0 ? order : one.stamp().name().compareTo(other.stamp().name());
  }
}
