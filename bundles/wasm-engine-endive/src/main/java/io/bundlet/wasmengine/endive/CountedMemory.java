package io.bundlet.wasmengine.endive;

import run.endive.runtime.ByteArrayMemory;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.MemoryLimits;

/**
 * A guest's memory, which is in the heap and is paid for from the engine's budget. It is all a guest of this engine
 * sees as memory, so the JVM finds one class behind each access and looks through it.
 */
@SuppressWarnings("removal") // some of what the interface wants is on its way out
final class CountedMemory implements Memory {
  private static final long PAGE = 64 << 10;

  private final ByteArrayMemory memory;
  private final HeapBudget budget;
  private final boolean limited;
  // Written by the guest's thread alone, read by all.
  private volatile long taken;
  private boolean refused;

  /**
   * Takes its first pages.
   *
   * @param limited whether the guest would let it grow further than these limits
   * @throws IllegalStateException with words for people when they do not fit
   */
  CountedMemory(MemoryLimits limits, boolean limited, HeapBudget budget) {
    this.limited = limited;
    this.budget = budget;
    long first = limits.initialPages() * PAGE;
    if (!budget.take(first)) {
      throw new IllegalStateException(budget.refusal("the guest's memory", first));
    }
    taken = first;
    memory = new ByteArrayMemory(limits);
  }

  /** Gives back what it has taken; the memory must not be used any more. */
  void release() {
    budget.give(taken);
    taken = 0;
  }

  /** Whether its limit was in the way when the guest wanted it to grow last. */
  boolean refused() {
    return refused;
  }

  /** Its bytes; 0 when it was given back. */
  long taken() {
    return taken;
  }

  @Override
  public int pages() {
    return memory.pages();
  }

  @Override
  public int grow(int pages) {
    refused = limited && (pages < 0 || pages > maximumPages() - pages());
    if (pages < 0 || pages > maximumPages() - pages() || !budget.take(pages * PAGE)) {
      return -1;
    }
    taken = taken + pages * PAGE;
    return memory.grow(pages);
  }

  @Override
  public int initialPages() {
    return memory.initialPages();
  }

  @Override
  public int maximumPages() {
    return memory.maximumPages();
  }

  @Override
  public boolean shared() {
    return memory.shared();
  }

  @Override
  public Object lock(int at) {
    return memory.lock(at);
  }

  @Override
  public int waitOn(int at, int expected, long nanos) {
    return memory.waitOn(at, expected, nanos);
  }

  @Override
  public int waitOn(int at, long expected, long nanos) {
    return memory.waitOn(at, expected, nanos);
  }

  @Override
  public int notify(int at, int count) {
    return memory.notify(at, count);
  }

  @Override
  public void initialize(Instance instance, DataSegment[] segments) {
    memory.initialize(instance, segments);
  }

  @Override
  public void initialize(Instance instance, DataSegment[] segments, int index) {
    memory.initialize(instance, segments, index);
  }

  @Override
  public void initPassiveSegment(int segment, int to, int from, int length) {
    memory.initPassiveSegment(segment, to, from, length);
  }

  @Override
  public void write(int at, byte[] from, int offset, int length) {
    memory.write(at, from, offset, length);
  }

  @Override
  public byte read(int at) {
    return memory.read(at);
  }

  @Override
  public byte[] readBytes(int at, int length) {
    return memory.readBytes(at, length);
  }

  @Override
  public void writeI32(int at, int value) {
    memory.writeI32(at, value);
  }

  @Override
  public int readInt(int at) {
    return memory.readInt(at);
  }

  @Override
  public void writeLong(int at, long value) {
    memory.writeLong(at, value);
  }

  @Override
  public long readLong(int at) {
    return memory.readLong(at);
  }

  @Override
  public void writeShort(int at, short value) {
    memory.writeShort(at, value);
  }

  @Override
  public short readShort(int at) {
    return memory.readShort(at);
  }

  @Override
  public long readU16(int at) {
    return memory.readU16(at);
  }

  @Override
  public void writeByte(int at, byte value) {
    memory.writeByte(at, value);
  }

  @Override
  public void writeF32(int at, float value) {
    memory.writeF32(at, value);
  }

  @Override
  public long readF32(int at) {
    return memory.readF32(at);
  }

  @Override
  public float readFloat(int at) {
    return memory.readFloat(at);
  }

  @Override
  public void writeF64(int at, double value) {
    memory.writeF64(at, value);
  }

  @Override
  public double readDouble(int at) {
    return memory.readDouble(at);
  }

  @Override
  public long readF64(int at) {
    return memory.readF64(at);
  }

  @Override
  public void zero() {
    memory.zero();
  }

  @Override
  public void fill(byte value, int from, int to) {
    memory.fill(value, from, to);
  }

  @Override
  public void copy(int to, int from, int length) {
    memory.copy(to, from, length);
  }

  @Override
  public void drop(int segment) {
    memory.drop(segment);
  }
}
