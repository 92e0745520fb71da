package io.bundlet.sections;

import java.util.OptionalLong;

/**
 * The size of a memory (in pages of 64 KiB) or of a table (in elements).
 *
 * @param minimum the size at the start
 * @param maximum how far it may grow; empty: as far as the format goes
 * @param shared whether several threads share it
 * @param wide whether it is addressed with 64 bits
 */
public record Bounds(long minimum, OptionalLong maximum, boolean shared, boolean wide) {}
