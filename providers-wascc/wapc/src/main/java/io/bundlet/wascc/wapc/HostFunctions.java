package io.bundlet.wascc.wapc;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.GuestContext;
import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.Invocation;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;

/** The nine functions that waPC guests import. Every number in them is the guest's and is not trusted. */
final class HostFunctions {
  /** The longest message in any direction, 16 MiB. */
  static final int MESSAGE = 16 << 20;
  /** The longest name of a binding, capability or operation. */
  static final int NAME = 1 << 10;
  /** How much of an error text or a log line is kept, 64 KiB. */
  static final int TEXT = 64 << 10;

  static final Map<String, FunctionType> TYPES =
      Map.of(
          "__guest_request", type(2, 0),
          "__guest_response", type(2, 0),
          "__guest_error", type(2, 0),
          "__host_call", type(8, 1),
          "__host_response_len", type(0, 1),
          "__host_response", type(1, 0),
          "__host_error_len", type(0, 1),
          "__host_error", type(1, 0),
          "__console_log", type(2, 0));

  private final Capabilities capabilities;

  HostFunctions(Capabilities capabilities) {
    this.capabilities = capabilities;
  }

  private static FunctionType type(int params, int results) {
    return new FunctionType(Collections.nCopies(params, "i32"), Collections.nCopies(results, "i32"));
  }

  void call(String function, GuestContext guest, GuestMemory memory, long[] args, long[] results) throws GuestTrap {
    switch (function) {
      case "__guest_request" -> {
        write(memory, args[0], Exchange.OPERATION.of(guest));
        write(memory, args[1], Exchange.REQUEST.of(guest));
      }
      case "__guest_response" -> Exchange.RESPONSE.set(guest, whole(memory, args[0], args[1], MESSAGE, "response"));
      case "__guest_error" -> Exchange.GUEST_ERROR.set(guest, beginning(memory, args[0], args[1]));
      case "__host_call" -> results[0] = hostCall(guest, memory, args) ? 1 : 0;
      case "__host_response_len" -> results[0] = Exchange.HOST_RESPONSE.length(guest);
      case "__host_response" -> write(memory, args[0], Exchange.HOST_RESPONSE.of(guest));
      case "__host_error_len" -> results[0] = Exchange.HOST_ERROR.length(guest);
      case "__host_error" -> write(memory, args[0], Exchange.HOST_ERROR.of(guest));
      case "__console_log" ->
          guest.log(new String(beginning(memory, args[0], args[1]), StandardCharsets.UTF_8));
      default -> throw GuestTrap.trap("waPC has no function " + function);
    }
  }

  private boolean hostCall(GuestContext guest, GuestMemory memory, long[] args) throws GuestTrap {
    Exchange.HOST_RESPONSE.clear(guest);
    Exchange.HOST_ERROR.clear(guest);
    String binding = name(memory, args[0], args[1], "binding");
    String capability = name(memory, args[2], args[3], "capability");
    String operation = name(memory, args[4], args[5], "operation");
    byte[] payload = whole(memory, args[6], args[7], MESSAGE, "host call's payload");
    try {
      if (capability.equals(guest.container().value())) {
        throw ProviderFailure.of(ProviderFailure.DENIED,
            "an actor cannot call itself: it would wait for its own answer");
      }
      byte[] response = capabilities.call(
          new Invocation(
              guest.container(), binding.isBlank() ? "default" : binding, capability, operation, payload));
      if (response.length > MESSAGE) {
        throw ProviderFailure.of(ProviderFailure.EXHAUSTED,
            "the answer of " + capability + " has " + response.length + " bytes, more than " + MESSAGE);
      }
      Exchange.HOST_RESPONSE.set(guest, response);
      return true;
    } catch (ProviderFailure e) {
      byte[] text = e.getMessage().getBytes(StandardCharsets.UTF_8);
      Exchange.HOST_ERROR.set(guest, text.length > TEXT ? java.util.Arrays.copyOf(text, TEXT) : text);
      return false;
    }
  }

  private static String name(GuestMemory memory, long at, long length, String what) throws GuestTrap {
    return new String(whole(memory, at, length, NAME, what + "'s name"), StandardCharsets.UTF_8);
  }

  /** All of it, or a trap. */
  private static byte[] whole(GuestMemory memory, long at, long length, int most, String what) throws GuestTrap {
    long size = unsigned(length);
    if (size > most) {
      throw GuestTrap.trap("the " + what + " has " + size + " bytes, more than " + most);
    }
    return read(memory, at, (int) size);
  }

  /** As much of a text as is kept. */
  private static byte[] beginning(GuestMemory memory, long at, long length) throws GuestTrap {
    return read(memory, at, (int) Math.min(unsigned(length), TEXT));
  }

  private static byte[] read(GuestMemory memory, long at, int size) throws GuestTrap {
    long begin = unsigned(at);
    if (size > 0 && begin + size > memory.size()) { // before the array is made
      throw GuestTrap.trap("out of bounds memory access: " + size + " bytes at " + begin + " of " + memory.size());
    }
    byte[] bytes = new byte[size];
    memory.read(begin, bytes, 0, size);
    return bytes;
  }

  private static void write(GuestMemory memory, long at, byte[] bytes) throws GuestTrap {
    if (bytes != null) {
      memory.write(unsigned(at), bytes, 0, bytes.length);
    }
  }

  private static long unsigned(long i32) {
    return i32 & 0xffff_ffffL;
  }
}
