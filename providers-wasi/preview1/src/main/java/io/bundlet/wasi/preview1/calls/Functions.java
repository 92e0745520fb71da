package io.bundlet.wasi.preview1.calls;

import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.GuestContext;
import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Layout;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** All functions of one version, by name. Several threads, each for guests of its own. */
public final class Functions {
  /** The attribute of a guest's context under which it is kept. */
  private static final String GUEST = "io.bundlet.wasi.preview1";

  private final Map<String, Function> functions;
  private final Map<String, FunctionType> types;

  /** Those of this version. */
  public Functions(Layout layout) {
    Map<String, Function> all = new HashMap<>();
    all.putAll(ProgramCalls.functions());
    all.putAll(ClockCalls.functions());
    all.putAll(DescriptorCalls.functions(layout));
    all.putAll(FileCalls.functions(layout));
    all.putAll(PathCalls.functions(layout));
    all.putAll(PollCalls.functions(layout));
    all.putAll(SocketCalls.functions(layout));
    functions = Map.copyOf(all);
    types = functions.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> e.getValue()
        .type()));
  }

  /** Their types. */
  public Map<String, FunctionType> types() {
    return types;
  }

  /** Does one call. @param settings for a guest whose first call it is */
  public void call(
      String name, GuestContext context, Settings settings, GuestMemory memory, long[] args, long[] results)
      throws GuestTrap {
    Function function = functions.get(name);
    if (function == null) {
      throw GuestTrap.trap("WASI preview 1 has no function " + name);
    }
    Guest guest = guest(context, settings);
    Errno errno = Errno.SUCCESS;
    guest.memory.use(memory);
    try {
      function.body().call(guest, args);
    } catch (WasiFailure e) {
      errno = e.errno();
    } finally {
      guest.memory.use(null);
    }
    if (results.length > 0) {
      results[0] = errno.ordinal();
    }
  }

  private static Guest guest(GuestContext context, Settings settings) throws GuestTrap {
    Object known = context.attributes().get(GUEST);
    if (known == null) {
      Guest made = Guest.of(context, settings);
      context.attributes().put(GUEST, made);
      return made;
    }
    if (known instanceof Guest guest) {
      return guest;
    }
    throw GuestTrap.killed("the bundle that keeps its files was exchanged");
  }
}
