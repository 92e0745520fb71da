package io.bundlet.testkit.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * A newer version of a bundle, made from a built one: the version is another, and a private class of a name that no
 * other version has is in it, so that the two revisions do not have the same classes.
 */
public final class BundleVariant {
  private BundleVariant() {}

  /**
   * Writes the variant.
   *
   * @param version the new {@code Bundle-Version}, such as {@code 0.1.7}
   * @return {@code target}
   */
  public static Path of(Path jar, String version, Path target) throws IOException {
    try (JarFile from = new JarFile(jar.toFile())) {
      Manifest manifest = new Manifest(from.getManifest());
      manifest.getMainAttributes().put(new Attributes.Name("Bundle-Version"), version);
      try (OutputStream out = Files.newOutputStream(target);
          JarOutputStream to = new JarOutputStream(out, manifest)) {
        Enumeration<JarEntry> entries = from.entries();
        while (entries.hasMoreElements()) {
          JarEntry entry = entries.nextElement();
          if (!entry.getName().equals(JarFile.MANIFEST_NAME) && !entry.isDirectory()) {
            to.putNextEntry(new JarEntry(entry.getName()));
            try (InputStream content = from.getInputStream(entry)) {
              content.transferTo(to);
            }
            to.closeEntry();
          }
        }
        String name = "io/bundlet/variant/V" + version.replaceAll("[^0-9A-Za-z]", "_");
        to.putNextEntry(new JarEntry(name + ".class"));
        to.write(ClassFile.of().build(ClassDesc.of(name.replace('/', '.')), builder -> {}));
        to.closeEntry();
      }
    }
    return target;
  }
}
