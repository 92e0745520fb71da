package io.bundlet.wasm.engine.wasmtime;

import io.bundlet.api.runtime.Mount;
import io.bundlet.api.wasm.InvalidModule;
import io.bundlet.api.wasm.WasiSettings;
import io.github.kawamuray.wasmtime.wasi.DirCaps;
import io.github.kawamuray.wasmtime.wasi.FileCaps;
import io.github.kawamuray.wasmtime.wasi.WasiCtx;
import io.github.kawamuray.wasmtime.wasi.WasiCtxBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Makes what native WASI shows to one guest. Standard input is left alone: wasmtime then gives an empty one. */
final class WasiContext {
  private static final Set<DirCaps> READ_DIRECTORY = EnumSet.of(
      DirCaps.OPEN, DirCaps.READDIR, DirCaps.READLINK, DirCaps.PATH_FILESTAT_GET, DirCaps.FILESTAT_GET);
  private static final Set<FileCaps> READ_FILE = EnumSet.of(
      FileCaps.READ, FileCaps.SEEK, FileCaps.TELL, FileCaps.ADVISE, FileCaps.FILESTAT_GET, FileCaps.POLL_READWRITE,
      FileCaps.FDSTAT_SET_FLAGS);
  /** 0, 1 and 2 are the standard streams. */
  private static final int FIRST_DIRECTORY = 3;

  private WasiContext() {}

  static WasiCtx open(WasiSettings settings) throws InvalidModule {
    if (!settings.listen().isEmpty()) {
      throw new InvalidModule("is to listen, and the WASI of this engine is given no sockets");
    }
    List<Mount> writable = settings.preopens().stream().filter(each -> !each.readOnly()).toList();
    List<Mount> readOnly = settings.preopens().stream().filter(Mount::readOnly).toList();
    WasiCtxBuilder builder = new WasiCtxBuilder();
    builder.args(settings.args());
    settings.env().forEach(builder::env);
    builder.stdout(settings.stdout());
    builder.stderr(settings.stderr());
    for (Mount each : writable) {
      builder.preopenedDir(directory(each), each.containerPath());
    }
    WasiCtx context = builder.build();
    try {
      int descriptor = FIRST_DIRECTORY + writable.size();
      for (Mount each : readOnly) {
        // Guests look for directories from 3 upwards and stop at the first gap.
        context.insertDir(descriptor++, directory(each), READ_DIRECTORY, READ_FILE, Path.of(each.containerPath()));
      }
      return context;
    } catch (InvalidModule | RuntimeException e) {
      context.dispose();
      throw e;
    }
  }

  private static Path directory(Mount mount) throws InvalidModule {
    if (!Files.isDirectory(mount.hostPath())) {
      throw new InvalidModule(
          "cannot show " + mount.hostPath() + " at " + mount.containerPath() + ": it is not a directory");
    }
    return mount.hostPath();
  }
}
