package io.bundlet.itests.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.tinybundles.TinyBundles;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** What passes between the core and sources of pods is ours alone: nobody gets it by a plain import. */
public class InternalPackageIT extends FrameworkTest {
  @Configuration
  public Option[] framework() throws IOException {
    Option[] options = Framework.of(getClass());
    importer("plain.jar", "io.bundlet.kubernetes");
    importer("marked.jar", "io.bundlet.kubernetes;bundlet=internal");
    return options;
  }

  private void importer(String name, String imports) throws IOException {
    try (InputStream jar = TinyBundles.bundle().symbolicName("com.vendor." + name)
        .setHeader("Bundle-ManifestVersion", "2").setHeader("Import-Package", imports)
        .build(TinyBundles.rawBuilder())) {
      Files.copy(jar, directory().resolve(name));
    }
  }

  private Bundle install(String name) throws BundleException {
    Path jar = directory().resolve(name);
    return context.installBundle(jar.toUri().toString());
  }

  @Test
  public void aPlainImportDoesNotResolve() throws Exception {
    Bundle plain = install("plain.jar");
    BundleException failure = assertThrows(BundleException.class, plain::start);
    assertEquals(BundleException.RESOLVE_ERROR, failure.getType());
    assertTrue(failure.getMessage(), failure.getMessage().contains("io.bundlet.kubernetes"));

    Bundle marked = install("marked.jar");
    marked.start();
    assertEquals("the package is there for those who are meant", Bundle.ACTIVE, marked.getState());
  }
}
