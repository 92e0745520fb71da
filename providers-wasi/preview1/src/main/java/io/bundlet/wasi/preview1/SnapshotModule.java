package io.bundlet.wasi.preview1;

import io.bundlet.api.wasm.HostModule;
import io.bundlet.wasi.preview1.abi.Layout;
import io.bundlet.wasi.preview1.calls.Settings;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;

/** What today's compilers make programs for. */
@Component(
    service = HostModule.class,
    configurationPid = Config.PID,
    property = HostModule.MODULE + "=wasi_snapshot_preview1")
@Designate(ocd = Config.class)
public final class SnapshotModule extends WasiModule {
  @Activate
  public SnapshotModule(Config config) {
    this(settings(config));
  }

  SnapshotModule(Settings settings) {
    super(Layout.SNAPSHOT, settings);
  }

  @Modified
  void modified(Config config) {
    use(settings(config));
  }
}
