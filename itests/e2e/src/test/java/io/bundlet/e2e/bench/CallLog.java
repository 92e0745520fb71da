package io.bundlet.e2e.bench;

import io.bundlet.testkit.containerd.RuntimeProxy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The calls that pass a proxy. */
final class CallLog {
  private final ConcurrentLinkedQueue<RuntimeProxy.Call> calls = new ConcurrentLinkedQueue<>();

  CallLog(RuntimeProxy proxy) {
    proxy.watch(calls::add);
  }

  /** Forgets what was. */
  void clear() {
    calls.clear();
  }

  /** What began since a moment of {@link System#nanoTime}. */
  List<RuntimeProxy.Call> since(long moment) {
    return calls.stream().filter(call -> call.begin() - moment >= 0).toList();
  }

  /** How often each method is called in a minute. */
  Map<String, Long> perMinute(double seconds) {
    Map<String, Long> counts = new TreeMap<>();
    calls.forEach(call -> counts.merge(call.method(), 1L, Long::sum));
    counts.replaceAll((method, count) -> Math.round(count * 60 / seconds));
    return counts;
  }
}
