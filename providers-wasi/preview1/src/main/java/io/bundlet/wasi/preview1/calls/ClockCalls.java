package io.bundlet.wasi.preview1.calls;

import io.bundlet.linux.Clocks;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import java.util.Map;

/** Clocks. A guest is its thread: that thread's processor time is also the guest's process' time. */
final class ClockCalls {
  static final int REALTIME = 0;
  static final int MONOTONIC = 1;
  static final int PROCESS = 2;
  static final int THREAD = 3;

  private ClockCalls() {}

  static Map<String, Function> functions() {
    return Map.of(
        "clock_time_get", Function.of("iIi", (guest, args) ->
            guest.memory.putInt64(args[2], Clocks.nanos(clock(args[0]), guest.clockRoom))),
        "clock_res_get", Function.of("ii", (guest, args) ->
            guest.memory.putInt64(args[1], Clocks.resolution(clock(args[0]), guest.clockRoom))));
  }

  private static int clock(long id) throws WasiFailure {
    return switch ((int) id) {
      case REALTIME -> Clocks.REALTIME;
      case MONOTONIC -> Clocks.MONOTONIC;
      case PROCESS, THREAD -> Clocks.THREAD;
      default -> throw Errno.INVAL.failure();
    };
  }
}
