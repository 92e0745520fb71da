package io.bundlet.sections;

import java.util.Set;

/** Notes of each instruction and value type which proposal brought it. */
final class UsedProposals implements Instructions.Visitor {
  private static final int FIRST_RELAXED = 0x100;

  private final Set<Proposal> found;
  private boolean tags;

  UsedProposals(Set<Proposal> found) {
    this.found = found;
  }

  @Override
  public void instruction(int at, int instruction) {
    if (instruction >= 0x28 && instruction < 0xc0) {
      // most are of the first version; said first for the sake of time
      return;
    }
    Proposal proposal = instruction > 0xff
        ? prefixed(instruction >>> 16, instruction & 0xffff)
        : plain(instruction);
    if (proposal != null) {
      found.add(proposal);
    }
    if (instruction == 0x15) {
      found.add(Proposal.TAIL_CALL);
    } else if (instruction == 0x08) {
      tags();
    }
  }

  /** There are tags, or one is thrown, which both kinds of exceptions have. */
  void tags() {
    tags = true;
  }

  /** All was seen. */
  void end() {
    if (tags && !found.contains(Proposal.LEGACY_EXCEPTIONS)) {
      found.add(Proposal.EXCEPTIONS);
    }
  }

  private static Proposal plain(int instruction) {
    return switch (instruction) {
      case 0x06, 0x07, 0x09, 0x18, 0x19 -> Proposal.LEGACY_EXCEPTIONS;
      case 0x0a, 0x1f -> Proposal.EXCEPTIONS;
      case 0x12, 0x13 -> Proposal.TAIL_CALL;
      case 0x14, 0x15, 0xd4, 0xd5, 0xd6 -> Proposal.FUNCTION_REFERENCES;
      case 0x1c, 0x25, 0x26, 0xd0, 0xd1, 0xd2 -> Proposal.REFERENCE_TYPES;
      case 0xc0, 0xc1, 0xc2, 0xc3, 0xc4 -> Proposal.SIGN_EXTENSION;
      case 0xd3 -> Proposal.GC;
      default -> null;
    };
  }

  private static Proposal prefixed(int prefix, int number) {
    return switch (prefix) {
      case Instructions.GC -> Proposal.GC;
      case Instructions.VECTOR -> number < FIRST_RELAXED ? Proposal.SIMD : Proposal.RELAXED_SIMD;
      case Instructions.ATOMIC -> Proposal.THREADS;
      default -> number < 8 ? Proposal.NONTRAPPING_FLOAT_TO_INT
          : number < 15 ? Proposal.BULK_MEMORY : Proposal.REFERENCE_TYPES;
    };
  }

  @Override
  public void valueType(int type) {
    switch (type) {
      case 0x7b -> found.add(Proposal.SIMD);
      case 0x70, 0x6f -> found.add(Proposal.REFERENCE_TYPES);
      case 0x69, 0x74 -> found.add(Proposal.EXCEPTIONS);
      case 0x63, 0x64 -> found.add(Proposal.FUNCTION_REFERENCES);
      case 0x6e, 0x6d, 0x6c, 0x6b, 0x6a, 0x71, 0x72, 0x73 -> found.add(Proposal.GC);
      default -> { }
    }
  }

  @Override
  public void typedBlock() {
    found.add(Proposal.MULTI_VALUE);
  }

  @Override
  public void laterTable() {
    found.add(Proposal.REFERENCE_TYPES);
  }

  /** The same within a constant expression, where some are younger. */
  Instructions.Visitor constant() {
    return (at, instruction) -> {
      switch (instruction) {
        // a reference to a function, or to none, may stand for an element since bulk-memory
        case 0xd0, 0xd2 -> { }
        case 0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e -> found.add(Proposal.EXTENDED_CONST);
        default -> instruction(at, instruction);
      }
    };
  }
}
