package io.bundlet.wasmhost.modules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.FunctionImport;
import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.GuestContext;
import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.HostFunction;
import io.bundlet.api.wasm.HostModule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModuleCallsTest {
  private static final FunctionType NOTHING_TO_INT = new FunctionType(List.of(), List.of("i32"));
  private static final FunctionImport VERSION = new FunctionImport("echo", "version", NOTHING_TO_INT);

  private record Echo(long version) implements HostModule {
    @Override
    public Map<String, FunctionType> functions() {
      return Map.of("version", NOTHING_TO_INT);
    }

    @Override
    public boolean rebindable() {
      return true;
    }

    @Override
    public void call(String function, GuestContext guest, GuestMemory memory, long[] args, long[] results) {
      results[0] = version;
    }
  }

  private final HostModules modules = new HostModules();
  private final ModuleCalls calls = new ModuleCalls(modules, null, Duration.ofSeconds(20));

  /** A guest that is started at the very moment in which its module is exchanged starts. */
  @Test
  void aModuleThatIsBeingExchangedIsLinkedAndCalledWhenItIsBack() throws Exception {
    Echo first = new Echo(1);
    modules.add("echo", first, 0, 1);
    modules.remove("echo", first);
    HostFunction linked = calls.find(VERSION).orElseThrow();
    modules.add("echo", new Echo(2), 0, 2);
    long[] results = new long[1];
    linked.call(null, new long[0], results);
    assertEquals(2, results[0]);
  }

  @Test
  void whatNobodyOffersIsNotFound() {
    assertTrue(calls.find(VERSION).isEmpty());
    modules.add("echo", new Echo(1), 0, 1);
    assertTrue(calls.find(VERSION).isPresent());
    assertTrue(calls.find(new FunctionImport("echo", "other", NOTHING_TO_INT)).isEmpty());
    assertTrue(calls.find(new FunctionImport("echo", "version", new FunctionType(List.of(), List.of()))).isEmpty());
  }
}
