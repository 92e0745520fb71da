package io.bundlet.wasi.preview1.calls;

import io.bundlet.api.runtime.Mount;
import io.bundlet.api.wasm.GuestContext;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.WasiSettings;
import io.bundlet.linux.DirectoriesBeneath;
import io.bundlet.linux.LinuxFailure;
import io.bundlet.linux.SystemCalls;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Memory;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import io.bundlet.wasi.preview1.files.DescriptorTable;
import io.bundlet.wasi.preview1.files.Input;
import io.bundlet.wasi.preview1.files.Listener;
import io.bundlet.wasi.preview1.files.LogLines;
import io.bundlet.wasi.preview1.files.OpenDirectory;
import io.bundlet.wasi.preview1.files.Output;
import io.bundlet.wasi.preview1.files.Paths;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** All that is kept of one guest, for its thread only. */
public final class Guest implements AutoCloseable {
  private static final int SMALL = 4 << 10;
  private static final int LARGE = 64 << 10;

  final Memory memory = new Memory();
  final SystemCalls calls = new SystemCalls();
  final MemorySegment clockRoom = calls.allocate(16);
  final DescriptorTable descriptors;
  final Paths paths;
  final Counters counters;
  final List<String> args;
  final List<String> env;
  private MemorySegment buffer;
  private byte[] array;
  private MemorySegment polled;

  private Guest(GuestContext context, Settings settings) {
    counters = Counters.in(context.attributes());
    descriptors = new DescriptorTable(settings.openFiles(), counters.openFiles());
    paths = new Paths(calls, new DirectoriesBeneath(calls, settings.byKernel()));
    args = context.wasi().map(WasiSettings::args).orElse(List.of());
    env = context.wasi().map(WasiSettings::env).orElse(Map.of()).entrySet().stream()
        .map(variable -> variable.getKey() + "=" + variable.getValue())
        .toList();
  }

  /** Opens what a guest is started with. */
  static Guest of(GuestContext context, Settings settings) throws GuestTrap {
    Guest guest = new Guest(context, settings);
    boolean open = false;
    try {
      guest.open(context);
      open = true;
      return guest;
    } finally {
      if (!open) {
        guest.close();
      }
    }
  }

  private void open(GuestContext context) throws GuestTrap {
    descriptors.add(new Input());
    if (context.wasi().isEmpty()) {
      descriptors.add(new LogLines(context::log));
      descriptors.add(new LogLines(context::log));
      return;
    }
    WasiSettings wasi = context.wasi().get();
    String what = "standard output";
    try {
      descriptors.add(Output.open(calls, wasi.stdout()));
      what = "standard error";
      descriptors.add(Output.open(calls, wasi.stderr()));
      for (InetSocketAddress address : wasi.listen()) {
        what = "a socket";
        descriptors.add(Listener.at(calls, address));
      }
      for (Mount mount : wasi.preopens()) {
        what = "the directory " + mount.hostPath() + " for " + mount.containerPath();
        byte[] path = mount.hostPath().toString().getBytes(StandardCharsets.UTF_8);
        int fd = (int) Errno.checked(calls.open(SystemCalls.HERE, path, SystemCalls.DIRECTORY, 0));
        descriptors.add(OpenDirectory.given(calls, fd, mount.readOnly(), mount.containerPath()));
      }
    } catch (WasiFailure e) {
      throw GuestTrap.trap(what + " cannot be opened: " + e.errno());
    } catch (LinuxFailure e) {
      throw GuestTrap.trap(what + " cannot be opened: " + e.getMessage());
    }
  }

  /** Native memory for what passes between files and the guest: small, until more is wanted for the first time. */
  MemorySegment buffer(long wanted) {
    if (buffer == null || buffer.byteSize() < LARGE && wanted > SMALL) {
      int size = wanted > SMALL ? LARGE : SMALL;
      buffer = calls.allocate(size);
      array = new byte[size];
    }
    return buffer;
  }

  /** Heap memory of the buffer's size; a guest's memory is copied to and from such only. */
  byte[] array() {
    return array;
  }

  /** Native memory for waiting for this many descriptors. */
  MemorySegment polled(int count) {
    if (polled == null || polled.byteSize() < (long) count * Waiting.SIZE) {
      polled = calls.allocate(Integer.highestOneBit(Math.max(count, 4) * 2 - 1) * Waiting.SIZE);
    }
    return polled;
  }

  /** Ends the guest when it is being killed. */
  static void checkKilled() throws GuestTrap {
    if (Thread.currentThread().isInterrupted()) {
      throw GuestTrap.killed("interrupted in a call to its host");
    }
  }

  /** Closes its descriptors and gives its memory back. */
  @Override
  public void close() {
    descriptors.closeAll();
    calls.close();
  }
}
