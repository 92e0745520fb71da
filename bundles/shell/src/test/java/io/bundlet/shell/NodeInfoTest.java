package io.bundlet.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.admin.ConditionView;
import io.bundlet.api.admin.NodeView;
import io.bundlet.api.admin.ResourceView;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.apache.felix.service.command.Converter;
import org.junit.jupiter.api.Test;

class NodeInfoTest {
  @Test
  void resourcesStandInATable() {
    NodeView node =
        new NodeView(
            "here", "id", "1", Instant.EPOCH, Path.of("/data"), "", List.of("wasi=wasi"), 2, List.of(),
            List.of(
                new ResourceView("cpu", 4000, 3500, 1000),
                new ResourceView("ephemeral-storage", 100L << 30, 1000, 0),
                new ResourceView("memory", 8L << 30, (8L << 30) - (100L << 20), 64L << 20),
                new ResourceView("pods", 110, 110, 2)),
            List.of(new ConditionView("DiskPressure", "False", "KubeletHasNoDiskPressure", "all well", Instant.EPOCH)));
    String text =
        new TableConverter(InstantSource.fixed(Instant.EPOCH)).format(node, Converter.INSPECT, null).toString();
    assertEquals(
        """
        RESOURCE           CAPACITY  ALLOCATABLE  REQUESTED
        cpu                4         3500m        1
        ephemeral-storage  100Gi     1000         0
        memory             8Gi       7.9Gi        64Mi
        pods               110       110          2

        CONDITION     STATUS  SINCE  REASON                    MESSAGE
        DiskPressure  False   0s     KubeletHasNoDiskPressure  all well""",
        text.substring(text.indexOf("RESOURCE")));
  }
}
