package io.bundlet.wasi.preview1;

import io.bundlet.api.wasm.HostModule;
import io.bundlet.wasi.preview1.abi.Layout;
import io.bundlet.wasi.preview1.calls.Settings;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;

/** What programs of 2019 were made for: some other structures and numbers. Configured with its successor. */
@Component(
    service = HostModule.class,
    configurationPid = Config.PID,
    property = HostModule.MODULE + "=wasi_unstable")
public final class UnstableModule extends WasiModule {
  @Activate
  public UnstableModule(Config config) {
    this(settings(config));
  }

  UnstableModule(Settings settings) {
    super(Layout.UNSTABLE, settings);
  }

  @Modified
  void modified(Config config) {
    use(settings(config));
  }
}
