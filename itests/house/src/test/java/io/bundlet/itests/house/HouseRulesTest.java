package io.bundlet.itests.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each rule is shown red once, beside a house that stands. */
class HouseRulesTest {
  @TempDir Path directory;

  private static TestJar api() {
    return new TestJar("io.bundlet.api").header("Export-Package", "io.bundlet.api.runtime;version=\"0.1.0\"")
        .taking("io.bundlet.api.runtime.RuntimeProvider", "java.util.List");
  }

  private static TestJar internal() {
    return new TestJar("io.bundlet.kubernetes-api")
        .header("Export-Package", "io.bundlet.kubernetes;bundlet=internal;mandatory:=bundlet;version=\"0.1.0\"")
        .taking("io.bundlet.kubernetes.PodSource", "io.fabric8.Pod");
  }

  private static TestJar core() {
    return new TestJar("io.bundlet.core")
        .header("Import-Package", "io.bundlet.api.runtime,io.bundlet.kubernetes;bundlet=internal,org.slf4j")
        .saying("io.bundlet.core.pods.PodWorker", "describe scribe critical");
  }

  private static TestJar provider() {
    return new TestJar("io.bundlet.wasi.provider")
        .header("Import-Package", "io.bundlet.api.runtime;version=\"[0.1,0.2)\",org.slf4j,io.lib")
        .saying("io.bundlet.wasi.provider.WasiProvider", "wasi");
  }

  private static TestJar library() {
    return new TestJar("io.bundlet.libs.some").header("Export-Package", "io.lib");
  }

  /** What is wrong with the house when these bundles stand in it beside the good ones. */
  private List<String> broken(TestJar... bad) throws Exception {
    List<Path> jars = new ArrayList<>();
    List<TestJar> all = new ArrayList<>(List.of(api(), internal(), core(), provider(), library()));
    all.addAll(List.of(bad));
    for (TestJar jar : all) {
      jars.add(jar.write(directory));
    }
    return HouseRules.check(Path.of("../../cnf/house.properties"), jars);
  }

  private void red(String expected, TestJar bad) throws Exception {
    List<String> broken = broken(bad);
    assertEquals(1, broken.size(), broken.toString());
    assertTrue(broken.getFirst().startsWith(expected), broken.getFirst());
  }

  @Test
  void aGoodHouseStands() throws Exception {
    assertEquals(List.of(), broken());
  }

  @Test
  void aProviderThatImportsTheCore() throws Exception {
    red("io.bundlet.cri.provider imports io.bundlet.core.pods, which is the inside of io.bundlet.core",
        new TestJar("io.bundlet.cri.provider").header("Import-Package", "io.bundlet.core.pods"));
  }

  @Test
  void aProviderThatImportsAProvider() throws Exception {
    red("io.bundlet.wascc.provider imports io.bundlet.wasi.provider, which is the inside of io.bundlet.wasi.provider",
        new TestJar("io.bundlet.wascc.provider").header("Import-Package", "io.bundlet.wasi.provider"));
  }

  @Test
  void aProviderThatImportsForeignPackages() throws Exception {
    red("io.bundlet.cri.provider imports io.fabric8.model;",
        new TestJar("io.bundlet.cri.provider").header("Import-Package", "io.fabric8.model;version=\"[8,9)\",io.lib"));
  }

  @Test
  void aProviderThatHoldsACopyOfTheCore() throws Exception {
    red("io.bundlet.cri.provider holds classes of the package io.bundlet.core.pods, which is a package of"
            + " io.bundlet.core",
        new TestJar("io.bundlet.cri.provider").saying("io.bundlet.core.pods.PodWorker", "x"));
  }

  @Test
  void aThirdPartyTypeInASignatureOfTheApi() throws Exception {
    List<String> broken = new ArrayList<>();
    for (TestJar bad : List.of(
        new TestJar("io.bundlet.api").taking("io.bundlet.api.image.A", "com.google.gson.Gson"),
        new TestJar("io.bundlet.api").type("io.bundlet.api.image.A",
            type -> type.withSuperclass(java.lang.constant.ClassDesc.of("com.google.gson.Gson"))),
        new TestJar("io.bundlet.api").type("io.bundlet.api.image.A", type -> type.with(
            java.lang.classfile.attribute.SignatureAttribute.of(java.lang.classfile.ClassSignature.parseFrom(
                "<T:Ljava/lang/Object;>Ljava/lang/Object;Ljava/util/List<Lcom/google/gson/Gson;>;")))))) {
      broken.addAll(broken(bad));
    }
    assertEquals(List.of("io.bundlet.api shows com.google.gson.Gson in a signature of io.bundlet.api.image.A;"
            + " vendors see JDK "
        + "types only").getFirst().repeat(3), String.join("", broken));
  }

  @Test
  void anExportOutsideTheAllowList() throws Exception {
    red("io.bundlet.volumes exports io.bundlet.volumes.hostpath",
        new TestJar("io.bundlet.volumes").header("Export-Package", "io.bundlet.volumes.hostpath;version=\"1\""));
  }

  @Test
  void aDynamicImport() throws Exception {
    red("io.bundlet.shell has a header DynamicImport-Package",
        new TestJar("io.bundlet.shell").header("DynamicImport-Package", "*"));
  }

  @Test
  void aBundleThatIsNotOurOwnKindAndImportsTheInternalApi() throws Exception {
    red("io.bundlet.shell imports io.bundlet.kubernetes, which is for io.bundlet.core",
        new TestJar("io.bundlet.shell").header("Import-Package", "io.bundlet.kubernetes;bundlet=internal"));
  }

  @Test
  void anInternalApiWithoutItsMandatoryAttribute() throws Exception {
    List<String> broken = broken(new TestJar("io.bundlet.kubernetes-api")
        .header("Export-Package", "io.bundlet.kubernetes;version=\"0.1.0\""));
    assertEquals(List.of("io.bundlet.kubernetes-api exports io.bundlet.kubernetes without the mandatory"
            + " attribute bundlet"),
        broken);
  }

  @Test
  void aCoreThatNamesARuntime() throws Exception {
    for (String text
        : List.of("wasi", "wasm32-wasi", "isCriHandler", "CRI", "runc v2", "x.containerd.y", "WasccRuntime")) {
      red("io.bundlet.core names a runtime: ", new TestJar("io.bundlet.core").saying("io.bundlet.core.x.Bad", text));
    }
  }

  @Test
  void aCoreThatTestsForAProvider() throws Exception {
    List<String> broken = broken(new TestJar("io.bundlet.core")
        .testing("io.bundlet.core.x.Bad", "io.bundlet.wasi.provider.WasiProvider"));
    assertTrue(broken.contains("io.bundlet.core tests for or casts to a class of io.bundlet.wasi.provider in "
        + "io.bundlet.core.x.Bad"), broken.toString());
  }
}
