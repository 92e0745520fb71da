package io.bundlet.sections;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NeedsTest {
  private static Needs needs(String module) throws Exception {
    return Needs.of(ByteBuffer.wrap(FeatureModules.bytes(module)));
  }

  private static Needs needs(int... sections) {
    return Needs.of(ByteBuffer.wrap(Modules.of(sections)));
  }

  @ParameterizedTest
  @EnumSource(Proposal.class)
  void theProposalIsFoundAndNoOther(Proposal proposal) throws Exception {
    Needs needs = needs(proposal.word());
    Set<Proposal> expected = EnumSet.of(proposal);
    switch (proposal) {
      // as they are made, these stand on others
      case RELAXED_SIMD -> expected.add(Proposal.SIMD);
      case FUNCTION_REFERENCES -> expected.add(Proposal.REFERENCE_TYPES);
      default -> { }
    }
    assertEquals(expected, needs.proposals());
    assertTrue(needs.complete());
  }

  @Test
  void theFirstVersionNeedsNothing() throws Exception {
    Needs needs = needs(FeatureModules.MVP);
    assertEquals(Set.of(), needs.proposals());
    assertTrue(needs.complete());
  }

  @Test
  void aBlockWithParametersNeedsMultiValue() throws Exception {
    assertEquals(Set.of(Proposal.MULTI_VALUE), needs("multi-value-blocks").proposals());
  }

  @Test
  void theNamesOfImportedModulesAreTold() throws Exception {
    assertEquals(Set.of("env", "wasi_snapshot_preview1"),
        Needs.of(ByteBuffer.wrap(Modules.bytes("all"))).imports());
    int[] section = new int[4 + 101 + 4];
    Arrays.fill(section, 'a');
    section[0] = 2;
    section[1] = 107;
    section[2] = 1;
    section[3] = 101;
    section[105] = 1;
    section[107] = 0;
    section[108] = 0;
    assertEquals(Set.of(), needs(section).imports());
    assertFalse(needs(section).complete());
  }

  @Test
  void namesWithoutEndAreNotKept() {
    int many = 10_000;
    int[] section = new int[3 + 2 + 7 * many];
    section[0] = 2;
    int size = 2 + 7 * many;
    section[1] = size & 0x7f | 0x80;
    section[2] = size >> 7 & 0x7f | 0x80;
    section[3] = size >> 14;
    section = Arrays.copyOf(section, section.length + 1);
    section[4] = many & 0x7f | 0x80;
    section[5] = many >> 7;
    for (int i = 0; i < many; i++) {
      int at = 6 + 7 * i;
      section[at] = 2;
      section[at + 1] = 'A' + i % 50;
      section[at + 2] = ' ' + i / 50 % 90;
      section[at + 3] = 0;
      section[at + 4] = 3;
      section[at + 5] = 0x7f;
    }
    Needs needs = needs(section);
    assertEquals(100, needs.imports().size());
    assertFalse(needs.complete());
  }

  @Test
  void whatIsNotKnownLeavesTheRestToBeFound() {
    // a shared memory, and a body with an instruction that nobody knows
    Needs needs = needs(5, 4, 1, 3, 1, 1, 10, 5, 1, 3, 0, 0xff, 0x0b);
    assertEquals(Set.of(Proposal.THREADS), needs.proposals());
    assertFalse(needs.complete());
  }

  @Test
  void whatIsNoModuleNeedsNothingThatIsKnown() {
    for (byte[] bytes : List.of(new byte[0], "text".getBytes(), new byte[] {0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0})) {
      Needs needs = Needs.of(ByteBuffer.wrap(bytes));
      assertEquals(Set.of(), needs.proposals());
      assertFalse(needs.complete());
    }
  }

  @Test
  void hugeCountsCostNothing() {
    // br_table, groups of locals, types and clauses without end
    assertFalse(needs(10, 11, 1, 9, 0, 0x0e, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0x0b).complete());
    assertFalse(needs(10, 8, 1, 6, 0xff, 0xff, 0xff, 0xff, 0x07, 0x0b).complete());
    assertFalse(needs(10, 11, 1, 9, 0, 0x1c, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 0x0b).complete());
    assertFalse(needs(10, 12, 1, 10, 0, 0x1f, 0x40, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0x0b).complete());
    assertFalse(needs(1, 6, 0xff, 0xff, 0xff, 0xff, 0x07, 0x60).complete());
  }

  @Test
  void anyBytesGiveAnAnswer() throws Exception {
    Random random = new Random(6);
    int complete = 0;
    for (Proposal proposal : Proposal.values()) {
      byte[] whole = FeatureModules.bytes(proposal.word());
      for (int i = 0; i < 5_000; i++) {
        byte[] mutated = Arrays.copyOf(whole, whole.length - random.nextInt(4) * random.nextInt(8));
        for (int n = 0; n <= random.nextInt(6); n++) {
          mutated[random.nextInt(mutated.length)] = (byte) (random.nextBoolean() ? 0xff : random.nextInt());
        }
        complete += Needs.of(ByteBuffer.wrap(mutated)).complete() ? 1 : 0;
      }
    }
    assertTrue(complete > 1_000 && complete < 79_000, complete + " of 80,000 were read to their end");
  }
}
