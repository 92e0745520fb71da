package io.bundlet.wasi.preview1.calls;

import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.linux.Clocks;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Rights;
import io.bundlet.wasi.preview1.abi.Subscription;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import io.bundlet.wasi.preview1.files.Descriptor;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * One call that waits. A guest that only sleeps has its thread parked until its time has come, so that a thousand of
 * them cost nothing; one that also waits for a descriptor of Linux looks in slices whether it is being killed.
 */
final class Poll {
  /** How late it may be noticed that somebody has set the clock of the day, in nanoseconds. */
  private static final long CLOCK_CHECK = 1_000_000_000;

  private final Guest guest;
  private final List<Timer> timers = new ArrayList<>();
  private final List<Watch> watches = new ArrayList<>();
  private final ByteArrayOutputStream events;

  /** @param at when it is due, by its clock, in nanoseconds without a sign */
  private record Timer(Subscription asked, int clock, long at) {}

  private record Watch(Subscription asked, Descriptor descriptor) {}

  Poll(Guest guest, int count) {
    this.guest = guest;
    events = new ByteArrayOutputStream(Math.min(count, 4) * 32);
  }

  /** Adds what the guest waits for. What cannot be waited for is an event at once. */
  void add(Subscription asked) {
    try {
      switch (asked.kind()) {
        case Subscription.CLOCK -> timers.add(timer(asked));
        case Subscription.READ -> watch(asked, Rights.FD_READ);
        case Subscription.WRITE -> watch(asked, Rights.FD_WRITE);
        default -> throw Errno.INVAL.failure();
      }
    } catch (WasiFailure e) {
      events.writeBytes(PollCalls.event(asked, e.errno(), 0, false));
    }
  }

  private Timer timer(Subscription asked) throws WasiFailure {
    int clock = PollCalls.clock(asked.clock());
    if ((asked.clockFlags() & ~Subscription.ABSOLUTE) != 0) {
      throw Errno.INVAL.failure();
    }
    if ((asked.clockFlags() & Subscription.ABSOLUTE) != 0) {
      return new Timer(asked, clock, asked.timeout());
    }
    // A duration is the same by each clock, and this one is never set.
    long now = now(Clocks.MONOTONIC);
    long at = now + asked.timeout();
    return new Timer(asked, Clocks.MONOTONIC, Long.compareUnsigned(at, now) < 0 ? -1 : at);
  }

  private void watch(Subscription asked, long right) throws WasiFailure {
    Descriptor descriptor =
        DescriptorCalls.descriptor(guest, asked.fd(), Rights.POLL_FD_READWRITE | right);
    if (descriptor.number() != Descriptor.NONE) {
      watches.add(new Watch(asked, descriptor));
    } else {
      long bytes = asked.kind() == Subscription.READ ? descriptor.readable() : 0;
      events.writeBytes(PollCalls.event(asked, Errno.SUCCESS, bytes, false));
    }
  }

  private long now(int clock) {
    return Clocks.nanos(clock, guest.clockRoom);
  }

  /** Waits until something has come. @return all that has come by then */
  byte[] await() throws WasiFailure, GuestTrap {
    while (true) {
      Guest.checkKilled();
      long left = due();
      look(events.size() > 0 ? 0 : Math.min(left, Waiting.SLICE));
      if (events.size() > 0) {
        return events.toByteArray();
      }
      if (watches.isEmpty()) {
        LockSupport.parkNanos(this, left);
      }
    }
  }

  /** Makes events of the timers that are due. @return how long until the next one may be, in nanoseconds */
  private long due() {
    long left = Long.MAX_VALUE;
    for (Timer timer : timers) {
      long now = now(timer.clock);
      if (Long.compareUnsigned(now, timer.at) >= 0) {
        events.writeBytes(PollCalls.event(timer.asked, Errno.SUCCESS, 0, false));
      } else {
        long its = timer.at - now;
        left = its < 0 ? left : Math.min(left, its);
        if (timer.clock == Clocks.REALTIME) {
          left = Math.min(left, CLOCK_CHECK);
        }
      }
    }
    return left;
  }

  /** Makes events of the descriptors that are ready, waiting this long for one. */
  private void look(long nanos) throws WasiFailure {
    if (watches.isEmpty()) {
      return;
    }
    MemorySegment polled = guest.polled(watches.size());
    for (int i = 0; i < watches.size(); i++) {
      Watch watch = watches.get(i);
      int wanted = watch.asked.kind() == Subscription.READ ? Waiting.READABLE : Waiting.WRITABLE;
      Waiting.put(polled, i, watch.descriptor.number(), wanted);
    }
    Errno.checked(guest.calls.poll(polled, watches.size(), nanos));
    for (int i = 0; i < watches.size(); i++) {
      int came = Waiting.came(polled, i);
      if (came != 0) {
        Watch watch = watches.get(i);
        boolean hungUp = (came & (Waiting.FAILED | Waiting.HUNG_UP)) != 0;
        long bytes = watch.asked.kind() == Subscription.READ ? watch.descriptor.readable() : 0;
        events.writeBytes(PollCalls.event(watch.asked, Errno.SUCCESS, bytes, hungUp));
      }
    }
  }
}
