package io.bundlet.wascc.provider;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.sections.MalformedModule;
import io.bundlet.sections.ModuleReader;
import io.bundlet.sections.ReadLimits;
import io.bundlet.sections.WasmModule;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Tells actors of this generation from others, so that those are refused in words that help. */
final class ActorModule {
  /** binding, capability, operation and payload, each an address and a length. */
  private static final int HOST_CALL = 8;

  private ActorModule() {}

  static void check(String who, Path file) throws ProviderFailure {
    // mapped: in the heap, a few modules at once could end the node
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ); Arena arena = Arena.ofConfined()) {
      check(ModuleReader.read(bytes(channel, arena), ReadLimits.DEFAULT));
    } catch (InternalError e) { // what the JVM throws when a mapped file has become shorter
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, who + ": the module was cut short while it was read", e);
    } catch (MalformedModule e) {
      throw ProviderFailure.of(ProviderFailure.INVALID, who + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, who + ": the module cannot be read: " + e.getMessage(), e);
    }
  }

  private static void check(WasmModule module) throws MalformedModule {
    for (WasmModule.Import each : module.imports()) {
      if (each.module().equals("wasmbus")) {
        throw new MalformedModule("the actor was built for the wasmCloud host of August 2021 or later (it imports from"
            + " wasmbus), which speaks another protocol; build it for waSCC, with a wapc of 2020", -1);
      }
      if (each.module().equals("wapc") && each.name().equals("__host_call") && each.signature() != null
          && each.signature().params().size() != HOST_CALL) {
        throw new MalformedModule("the actor was built with a wapc from before the end of March 2020 (its __host_call"
            + " has " + each.signature().params().size() + " parameters, not " + HOST_CALL
            + "); build it with a newer one",
            -1);
      }
    }
    if (!module.exportedFunctions().containsKey("__guest_call")) {
      throw new MalformedModule("the module is no actor: it exports no function __guest_call. Programs with _start run"
          + " with the runtime class wasi", -1);
    }
  }

  private static ByteBuffer bytes(FileChannel channel, Arena arena) throws IOException {
    long size = channel.size();
    if (size > CompileLimits.DEFAULT.moduleBytes()) {
      throw new IOException("it has " + size + " bytes, more than " + CompileLimits.DEFAULT.moduleBytes());
    }
    return channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena).asByteBuffer();
  }
}
