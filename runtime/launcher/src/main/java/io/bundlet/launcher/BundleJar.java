package io.bundlet.launcher;

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
 * A jar that is a bundle.
 *
 * @param file the jar
 * @param symbolicName its bundle's symbolic name
 * @param version its bundle's version
 * @param size the file's length when it was read
 * @param modified when the file was written, in milliseconds of the epoch, when it was read
 */
record BundleJar(Path file, String symbolicName, Version version, long size, long modified) {
  /**
   * Reads the manifest.
   *
   * @throws IOException with a message for people when it is no bundle
   */
  static BundleJar read(Path file) throws IOException {
    long size = Files.size(file);
    long modified = Files.getLastModifiedTime(file).toMillis();
    try (JarFile jar = new JarFile(file.toFile())) {
      Manifest manifest = jar.getManifest();
      Attributes main = manifest == null ? new Attributes() : manifest.getMainAttributes();
      String name = main.getValue(Constants.BUNDLE_SYMBOLICNAME);
      if (name == null) {
        throw new IOException("no bundle: its manifest has no Bundle-SymbolicName");
      }
      String version = main.getValue(Constants.BUNDLE_VERSION);
      return new BundleJar(file, name.split(";", 2)[0].strip(), Version.parseVersion(version), size, modified);
    } catch (ZipException e) {
      throw new IOException("no jar file: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IOException("its Bundle-Version cannot be read: " + e.getMessage(), e);
    }
  }
}
