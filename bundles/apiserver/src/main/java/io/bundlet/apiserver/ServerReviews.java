package io.bundlet.apiserver;

import io.bundlet.kubernetes.Caller;
import io.bundlet.kubernetes.Reviews;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Asks by TokenReview and SubjectAccessReview. Keeps nothing. */
@Component
public final class ServerReviews implements Reviews {
  private final ApiServer server;

  /** Asks nobody yet. */
  @Activate
  public ServerReviews(@Reference ApiServer server) {
    this.server = server;
  }

  @Override
  public Optional<Caller> caller(String token) throws IOException {
    TokenReview review = new TokenReviewBuilder().withNewSpec().withToken(token).endSpec().build();
    TokenReviewStatus status =
        ask(() -> server.client().authentication().v1().tokenReviews().create(review)).getStatus();
    if (status == null || !Boolean.TRUE.equals(status.getAuthenticated()) || status.getUser() == null) {
      return Optional.empty();
    }
    UserInfo user = status.getUser();
    return Optional.of(new Caller(text(user.getUsername()), text(user.getUid()),
        user.getGroups() == null ? List.of() : user.getGroups(),
        user.getExtra() == null ? Map.of() : user.getExtra()));
  }

  @Override
  public boolean allowed(Caller caller, String verb, String subresource) throws IOException {
    SubjectAccessReview review = new SubjectAccessReviewBuilder().withNewSpec()
        .withUser(caller.user()).withUid(caller.uid()).withGroups(caller.groups()).withExtra(caller.extra())
        .withNewResourceAttributes().withVersion("v1").withResource("nodes").withName(server.nodeName())
        .withVerb(verb).withSubresource(subresource).endResourceAttributes()
        .endSpec().build();
    SubjectAccessReview answer =
        ask(() -> server.client().authorization().v1().subjectAccessReview().create(review));
    return answer.getStatus() != null && Boolean.TRUE.equals(answer.getStatus().getAllowed())
        && !Boolean.TRUE.equals(answer.getStatus().getDenied());
  }

  private static <T> T ask(Supplier<T> question) throws IOException {
    try {
      return question.get();
    } catch (KubernetesClientException e) {
      throw new IOException("the API server has not answered: " + e.getMessage(), e);
    }
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }
}
