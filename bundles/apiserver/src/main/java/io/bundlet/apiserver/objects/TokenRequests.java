package io.bundlet.apiserver.objects;

import static io.bundlet.apiserver.call.Trees.text;

import io.bundlet.api.objects.Token;
import io.bundlet.api.objects.TokenRequest;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.apiserver.call.Requests;
import io.bundlet.apiserver.call.ServerFailure;
import io.bundlet.apiserver.call.Trees;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Has tokens of service accounts issued, each bound to its pod. */
final class TokenRequests {
  private static final long SHORTEST_SECONDS = 600;
  private static final long LONGEST_SECONDS = 1L << 32;

  private final Requests requests;

  TokenRequests(Requests requests) {
    this.requests = requests;
  }

  Token token(TokenRequest request) throws ProviderFailure {
    String namespace = request.pod().namespace();
    String account = "service account " + namespace + "/" + request.serviceAccount();
    Instant asked = Instant.now();
    try {
      Map<String, Object> answer = requests.post(Paths.token(namespace, request.serviceAccount()), body(request));
      String value = text(answer, "status", "token");
      if (value.isEmpty()) {
        throw new IOException("there is no token in the answer");
      }
      // as a duration: the server's clock may go otherwise
      long seconds = Math.clamp(Trees.number(answer, request.expirationSeconds(), "spec", "expirationSeconds"), 1,
          LONGEST_SECONDS);
      return new Token(value, asked, asked.plusSeconds(seconds));
    } catch (ServerFailure e) {
      throw ProviderFailure.of(kind(e), account + ": the API server gives no token for it: " + e.getMessage(), e);
    } catch (IOException e) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE, account + ": a token cannot be asked for now: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, account + ": asking for a token was interrupted", e);
    }
  }

  private static String kind(ServerFailure e) {
    return switch (e.code()) {
      case 404 -> ProviderFailure.NOT_FOUND;
      case 403 -> ProviderFailure.DENIED;
      case 400, 422 -> ProviderFailure.INVALID;
      default -> ProviderFailure.UNAVAILABLE;
    };
  }

  private static Map<String, Object> body(TokenRequest request) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("audiences", request.audiences());
    spec.put("expirationSeconds", Math.max(SHORTEST_SECONDS, request.expirationSeconds()));
    spec.put("boundObjectRef", Map.of("apiVersion", "v1", "kind", "Pod", "name", request.pod().name(),
        "uid", request.pod().uid()));
    return Map.of("apiVersion", "authentication.k8s.io/v1", "kind", "TokenRequest", "spec", spec);
  }
}
