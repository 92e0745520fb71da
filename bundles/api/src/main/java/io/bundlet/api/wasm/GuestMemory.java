package io.bundlet.api.wasm;

import org.osgi.annotation.versioning.ConsumerType;

/** A guest's memory, for use on the guest's thread during one call. Every address is the guest's and is checked. */
@ConsumerType
public interface GuestMemory {
  /** Its size in bytes now; it may grow with each call into the guest. */
  long size();

  /**
   * Copies from the guest. Nothing is touched when {@code length} is 0.
   *
   * @param at an address, unsigned
   * @throws GuestTrap when any of it is outside the memory
   */
  void read(long at, byte[] to, int offset, int length) throws GuestTrap;

  /** Copies to the guest; as {@link #read}. */
  void write(long at, byte[] from, int offset, int length) throws GuestTrap;
}
