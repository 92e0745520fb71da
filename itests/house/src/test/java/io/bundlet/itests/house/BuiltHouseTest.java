package io.bundlet.itests.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bundles of this build keep the rules. */
class BuiltHouseTest {
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

  private static List<Path> builtBundles() throws Exception {
    List<Path> jars = new ArrayList<>();
    Matcher modules = MODULE.matcher(Files.readString(ROOT.resolve("pom.xml")));
    while (modules.find()) {
      Path module = ROOT.resolve(modules.group(1));
      if (Files.exists(module.resolve("bnd.bnd"))) {
        jars.add(jar(module));
      }
    }
    return jars;
  }

  private static Path jar(Path module) throws Exception {
    Path target = module.resolve("target");
    if (Files.isDirectory(target)) {
      try (Stream<Path> files = Files.list(target)) {
        List<Path> jars = files.filter(file -> file.getFileName().toString().matches(".*\\.jar"))
            .filter(file -> !file.getFileName().toString().matches(".*-(sources|javadoc|tests)\\.jar")).toList();
        if (jars.size() == 1) {
          return jars.getFirst();
        }
      }
    }
    throw new AssertionError("no jar in " + target + "; build the whole tree (mvn verify) or add -am");
  }

  @Test
  void theHouseStands() throws Exception {
    List<Path> jars = builtBundles();
    assertTrue(jars.size() >= 20, "bundles found: " + jars);
    assertEquals("", String.join("\n", HouseRules.check(ROOT.resolve("cnf/house.properties"), jars)));
  }
}
