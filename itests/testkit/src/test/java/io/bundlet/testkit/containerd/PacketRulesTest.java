package io.bundlet.testkit.containerd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class PacketRulesTest {
  @Test
  void wordsOfARuleWithQuotesInItsComment() {
    assertEquals(
        List.of("-A", "CNI-HOSTPORT-DNAT", "-p", "tcp", "-m", "comment", "--comment",
            "dnat name: \"bundlet-1\" id: \"ab\"", "-j", "CNI-DN-1"),
        PacketRules.words("-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment"
            + " \"dnat name: \\\"bundlet-1\\\" id: \\\"ab\\\"\" -j CNI-DN-1"));
  }
}
