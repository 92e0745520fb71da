package io.bundlet.itests.house;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * A built bundle.
 *
 * @param name symbolic name
 * @param exports its Export-Package
 * @param imports its Import-Package
 * @param headers names of all headers
 * @param packages packages that classes lie in, with dots
 */
record BundleJar(String name, Map<String, Map<String, String>> exports, Map<String, Map<String, String>> imports,
    Set<String> headers, Set<String> packages, Path file) {

  /** Reads a jar; null when it is no bundle. */
  static BundleJar read(Path file) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      if (jar.getManifest() == null) {
        return null;
      }
      Attributes main = jar.getManifest().getMainAttributes();
      String name = main.getValue("Bundle-SymbolicName");
      if (name == null) {
        return null;
      }
      Set<String> headers = new TreeSet<>();
      main.keySet().forEach(key -> headers.add(key.toString()));
      Set<String> packages = new TreeSet<>();
      jar.stream().map(JarEntry::getName).filter(BundleJar::isClass)
          .forEach(entry -> packages.add(entry.substring(0, entry.lastIndexOf('/')).replace('/', '.')));
      return new BundleJar(name.split(";")[0].strip(), ManifestHeader.read(main.getValue("Export-Package")),
          ManifestHeader.read(main.getValue("Import-Package")), headers, packages, file);
    }
  }

  private static boolean isClass(String entry) {
    return entry.endsWith(".class") && entry.contains("/") && !entry.startsWith("META-INF/");
  }

  /** All classes. */
  List<ClassModel> classes() throws IOException {
    List<ClassModel> classes = new ArrayList<>();
    try (JarFile jar = new JarFile(file.toFile())) {
      for (JarEntry entry : jar.stream().filter(candidate -> isClass(candidate.getName())).toList()) {
        try (InputStream in = jar.getInputStream(entry)) {
          classes.add(ClassFile.of().parse(in.readAllBytes()));
        }
      }
    }
    return classes;
  }
}
