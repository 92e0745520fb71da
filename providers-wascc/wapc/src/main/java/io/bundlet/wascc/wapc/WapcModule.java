package io.bundlet.wascc.wapc;

import io.bundlet.api.wasm.CapabilityProvider;
import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.GuestCalls;
import io.bundlet.api.wasm.GuestContext;
import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.GuestProtocol;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.HostModule;
import io.bundlet.api.wasm.RequestFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Speaks waPC with actors. */
@Component(service = {HostModule.class, GuestProtocol.class}, property = HostModule.MODULE + "=wapc")
public final class WapcModule implements GuestProtocol {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String GUEST_CALL = "__guest_call";

  private final Capabilities capabilities;
  private final HostFunctions functions;

  public WapcModule() {
    this(PATIENCE);
  }

  WapcModule(Duration patience) {
    capabilities = new Capabilities(patience);
    functions = new HostFunctions(capabilities);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindCapability(CapabilityProvider provider, Map<String, Object> properties) {
    if (properties.get(CapabilityProvider.CAPABILITY) instanceof String capability) {
      capabilities.add(capability, provider);
    }
  }

  void unbindCapability(CapabilityProvider provider) {
    capabilities.remove(provider);
  }

  @Override
  public Map<String, FunctionType> functions() {
    return HostFunctions.TYPES;
  }

  @Override
  public void call(String function, GuestContext guest, GuestMemory memory, long[] args, long[] results)
      throws GuestTrap {
    functions.call(function, guest, memory, args, results);
  }

  @Override
  public void open(GuestContext guest, GuestCalls calls) throws GuestTrap {
    Exchange.clearAll(guest);
    if (!calls.exports(GUEST_CALL)) {
      throw GuestTrap.trap("this is no waPC module: it exports no function " + GUEST_CALL);
    }
    for (String initialiser : List.of("_start", "wapc_init")) {
      if (calls.exports(initialiser)) {
        calls.call(initialiser, new long[0], new long[0]);
      }
    }
  }

  @Override
  public byte[] request(GuestContext guest, GuestCalls calls, String operation, byte[] payload)
      throws GuestTrap, RequestFailure {
    byte[] name = operation.getBytes(StandardCharsets.UTF_8);
    if (payload.length > HostFunctions.MESSAGE || name.length > HostFunctions.NAME) {
      throw new RequestFailure("the request has " + payload.length + " bytes and its operation's name " + name.length
          + "; " + HostFunctions.MESSAGE + " and " + HostFunctions.NAME + " are allowed");
    }
    Exchange.clearAll(guest);
    Exchange.OPERATION.set(guest, name);
    Exchange.REQUEST.set(guest, payload);
    try {
      return answer(guest, calls, name.length, payload.length);
    } finally {
      Exchange.clearAll(guest); // megabytes are not kept for an idle actor
    }
  }

  private static byte[] answer(GuestContext guest, GuestCalls calls, int name, int payload)
      throws GuestTrap, RequestFailure {
    long[] result = new long[1];
    try {
      calls.call(GUEST_CALL, new long[] {name, payload}, result);
    } catch (GuestTrap e) {
      // A guest may say what is wrong and trap then, as AssemblyScript's abort does: its words tell more.
      String words = Exchange.GUEST_ERROR.text(guest);
      if (words != null && e.kind().equals(GuestTrap.TRAP)) {
        throw GuestTrap.trap(words, e);
      }
      throw e;
    }
    String error = Exchange.GUEST_ERROR.text(guest);
    if ((int) result[0] == 0) {
      throw new RequestFailure(error == null ? "the actor failed and gave no reason" : error);
    }
    byte[] response = Exchange.RESPONSE.of(guest);
    if (response == null) {
      throw new RequestFailure(error == null ? "the actor succeeded but gave no answer" : error);
    }
    return response;
  }
}
