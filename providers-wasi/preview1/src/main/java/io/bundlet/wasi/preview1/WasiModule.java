package io.bundlet.wasi.preview1;

import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.GuestContext;
import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.HostModule;
import io.bundlet.wasi.preview1.abi.Layout;
import io.bundlet.wasi.preview1.calls.Functions;
import io.bundlet.wasi.preview1.calls.Settings;
import java.util.Map;

/** One version of WASI preview 1 as a host module. */
abstract class WasiModule implements HostModule {
  private final Functions functions;
  private volatile Settings settings;

  WasiModule(Layout layout, Settings settings) {
    functions = new Functions(layout);
    this.settings = settings;
  }

  static Settings settings(Config config) {
    return new Settings(Math.max(3, config.open_files()), true);
  }

  void use(Settings changed) {
    settings = changed;
  }

  @Override
  public Map<String, FunctionType> functions() {
    return functions.types();
  }

  @Override
  public void call(String function, GuestContext guest, GuestMemory memory, long[] args, long[] results)
      throws GuestTrap {
    functions.call(function, guest, settings, memory, args, results);
  }

  /** A guest's files are kept in classes of this bundle. */
  @Override
  public boolean rebindable() {
    return false;
  }
}
