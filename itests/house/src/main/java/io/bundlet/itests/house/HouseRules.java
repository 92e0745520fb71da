package io.bundlet.itests.house;

import java.io.IOException;
import java.io.Reader;
import java.lang.classfile.ClassModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** Checks bundles against the rules and says in sentences where one is broken. */
public final class HouseRules {
  private final Properties rules = new Properties();
  private final List<BundleJar> bundles = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();

  private HouseRules(Path properties) throws IOException {
    try (Reader reader = Files.newBufferedReader(properties)) {
      rules.load(reader);
    }
  }

  /**
   * Checks jars together.
   *
   * @param properties the rules
   * @param jars the jars; those that are no bundles are passed over
   * @return one sentence for each break of a rule; empty: the house stands
   */
  public static List<String> check(Path properties, Collection<Path> jars) throws IOException {
    HouseRules house = new HouseRules(properties);
    for (Path jar : jars) {
      BundleJar bundle = BundleJar.read(jar);
      if (bundle != null) {
        house.bundles.add(bundle);
      }
    }
    house.check();
    return house.broken;
  }

  private void check() throws IOException {
    Names exporters = Names.of(rules, "exporters");
    for (BundleJar bundle : bundles) {
      exports(bundle, exporters);
      headers(bundle);
      imports(bundle, exporters);
      if (bundle.name().equals(rules.getProperty("api.bundle"))) {
        api(bundle);
      }
      if (Names.of(rules, "providers").has(bundle.name())) {
        provider(bundle);
      }
      if (bundle.name().equals(rules.getProperty("core.bundle"))) {
        core(bundle);
      }
    }
    onePackageOneBundle();
  }

  private void broken(BundleJar bundle, String what) {
    broken.add(bundle.name() + " " + what);
  }

  private void exports(BundleJar bundle, Names exporters) {
    if (!exporters.has(bundle.name())) {
      bundle.exports().keySet().forEach(name -> broken(bundle, "exports " + name + "; only the exporters of "
          + "cnf/house.properties export packages"));
    }
    String internal = rules.getProperty("internal.package");
    String attribute = rules.getProperty("internal.attribute");
    bundle.exports().forEach((name, attributes) -> {
      if (name.equals(internal) && !attribute.equals(attributes.get("mandatory:"))) {
        broken(bundle, "exports " + name + " without the mandatory attribute " + attribute);
      }
    });
  }

  private void headers(BundleJar bundle) {
    for (String header : List.of("DynamicImport-Package", "Require-Bundle", "Fragment-Host")) {
      if (bundle.headers().contains(header)) {
        broken(bundle, "has a header " + header
            + "; bundles are wired by plain imports, so that it is known who needs whom");
      }
    }
  }

  private void imports(BundleJar bundle, Names exporters) {
    Set<String> exported = new HashSet<>();
    bundles.stream().filter(other -> exporters.has(other.name()))
        .forEach(other -> exported.addAll(other.exports().keySet()));
    for (String name : bundle.imports().keySet()) {
      if (name.equals(rules.getProperty("internal.package"))
          && !Names.of(rules, "internal.importers").has(bundle.name()) && !bundle.exports().containsKey(name)) {
        broken(bundle, "imports " + name + ", which is for " + rules.getProperty("internal.importers") + " alone");
      } else if (name.startsWith("io.bundlet.") && !exported.contains(name)) {
        broken(bundle, "imports " + name + ", which is the inside of " + owner(name)
            + "; nobody imports the core, a provider or a driver");
      }
    }
  }

  private String owner(String name) {
    return bundles.stream().filter(bundle -> bundle.packages().contains(name)).map(BundleJar::name).findFirst()
        .orElse("no bundle that was built");
  }

  private void api(BundleJar api) throws IOException {
    Names types = Names.of(rules, "api.types");
    Names annotations = Names.of(rules, "api.annotations");
    for (ClassModel model : api.classes()) {
      ApiSignatures signatures = ApiSignatures.of(model);
      String name = model.thisClass().asInternalName().replace('/', '.');
      signatures.types().stream().map(type -> type.replace('/', '.')).filter(type -> !types.has(type))
          .forEach(type ->
              broken(api, "shows " + type + " in a signature of " + name + "; vendors see JDK types only"));
      signatures.annotations().stream().map(type -> type.replace('/', '.')).filter(type -> !annotations.has(type))
          .forEach(type -> broken(api, "has the annotation " + type + " on " + name));
    }
  }

  private void provider(BundleJar provider) {
    Names allowed = Names.of(rules, "providers.imports");
    Set<String> libraries = new HashSet<>();
    bundles.stream().filter(bundle -> bundle.name().startsWith("io.bundlet.libs."))
        .forEach(bundle -> libraries.addAll(bundle.exports().keySet()));
    provider.imports().forEach((name, attributes) -> {
      // those of our own that are wrong have been told already
      if (!name.startsWith("io.bundlet.") && !allowed.has(name) && !libraries.contains(name)
          || name.equals("io.bundlet.statemachine")) {
        broken(provider, "imports " + name + "; providers import api, sections, libs/*, OSGi and SLF4J");
      }
    });
  }

  private void core(BundleJar core) throws IOException {
    Names unknown = Names.of(rules, "core.unknown.words");
    Map<String, String> insides = new HashMap<>();
    bundles.stream().filter(bundle -> Names.of(rules, "providers").has(bundle.name()))
        .forEach(bundle -> bundle.packages().forEach(name -> insides.put(name, bundle.name())));
    // Of a package that several bundles have a copy of each, the core can only meet its own.
    insides.keySet().removeIf(Names.of(rules, "shared.packages")::has);
    for (ClassModel model : core.classes()) {
      String name = model.thisClass().asInternalName().replace('/', '.');
      CoreConstants.words(model, unknown)
          .forEach(word -> broken(core, "names a runtime: " + word + " of " + name));
      CoreConstants.checkedPackages(model).stream().filter(insides::containsKey).forEach(inside -> broken(core,
          "tests for or casts to a class of " + insides.get(inside) + " in " + name));
    }
  }

  /** A copy of somebody's inside would not show in the imports. */
  private void onePackageOneBundle() {
    Names shared = Names.of(rules, "shared.packages");
    Map<String, String> owners = new HashMap<>();
    for (BundleJar bundle : bundles) {
      for (String name : bundle.packages()) {
        String owner = owners.putIfAbsent(name, bundle.name());
        if (name.startsWith("io.bundlet.") && owner != null && !owner.equals(bundle.name()) && !shared.has(name)) {
          broken(bundle, "holds classes of the package " + name + ", which is a package of " + owner);
        }
      }
    }
  }
}
