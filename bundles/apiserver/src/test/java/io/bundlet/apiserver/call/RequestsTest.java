package io.bundlet.apiserver.call;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bundlet.apiserver.fake.FakeApi;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Single requests end in time, and in the way that those below know by. */
@Timeout(120)
class RequestsTest {
  @Test
  void aSilentServerIsFoundOutByTheConnection() throws Exception {
    try (FakeApi api = new FakeApi()) {
      api.silent(true);
      Requests requests = new Requests(api::client, Duration.ofMillis(300));
      IOException failed = assertThrows(IOException.class, () -> requests.get("/api/v1/nodes/node-1"));
      Throwable cause = failed;
      while (cause.getCause() != null && (cause == failed || cause instanceof ExecutionException
          || cause instanceof CompletionException)) {
        cause = cause.getCause();
      }
      // by this the connections are made anew; whoever only stopped waiting would leave the dead one to all others
      assertInstanceOf(HttpTimeoutException.class, cause);
    }
  }
}
