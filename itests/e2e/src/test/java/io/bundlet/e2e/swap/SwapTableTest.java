package io.bundlet.e2e.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.testkit.node.Distribution;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The table of exchanges has each bundle of the distribution once. */
class SwapTableTest {
  @Test
  void eachBundleHasACell() throws IOException {
    assertEquals(Distribution.built().bundles().keySet().stream().toList(), SwapTable.all().stream().sorted().toList());
  }
}
