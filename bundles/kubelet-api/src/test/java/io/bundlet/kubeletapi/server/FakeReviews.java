package io.bundlet.kubeletapi.server;

import io.bundlet.kubernetes.Caller;
import io.bundlet.kubernetes.Reviews;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An API server that knows some tokens, and lets some users do everything. */
final class FakeReviews implements Reviews {
  final Map<String, Caller> tokens = new ConcurrentHashMap<>();
  final Set<String> mayAll = ConcurrentHashMap.newKeySet();
  /** What was asked of which user: {@code user verb subresource}. */
  final List<String> asked = new CopyOnWriteArrayList<>();
  volatile boolean down;

  @Override
  public Optional<Caller> caller(String token) throws IOException {
    check();
    asked.add("token");
    return Optional.ofNullable(tokens.get(token));
  }

  @Override
  public boolean allowed(Caller caller, String verb, String subresource) throws IOException {
    check();
    asked.add(caller.user() + " " + verb + " " + subresource);
    return mayAll.contains(caller.user()) || mayAll.contains(caller.user() + " " + verb + " " + subresource);
  }

  private void check() throws IOException {
    if (down) {
      throw new IOException("the API server at 10.9.8.7 does not answer");
    }
  }
}
