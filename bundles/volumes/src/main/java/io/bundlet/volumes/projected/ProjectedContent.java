package io.bundlet.volumes.projected;

import io.bundlet.api.objects.Objects;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.VolumeRequest;
import io.bundlet.volumes.atomic.Payload;
import io.bundlet.volumes.atomic.PayloadProblem;
import io.bundlet.volumes.content.ConfigMapContent;
import io.bundlet.volumes.content.Content;
import io.bundlet.volumes.content.DownwardContent;
import io.bundlet.volumes.content.SecretContent;
import io.bundlet.volumes.content.TokenContent;
import io.bundlet.volumes.source.Fields;
import java.util.Map;
import java.util.TreeMap;

/** The files of all sources; where two write the same file, the later one has it. */
final class ProjectedContent implements Content {
  private final Map<String, Content> kinds = new TreeMap<>();

  ProjectedContent(TokenContent tokens) {
    kinds.put("configMap", new ConfigMapContent());
    kinds.put("secret", new SecretContent("name"));
    kinds.put("downwardAPI", new DownwardContent());
    kinds.put("serviceAccountToken", tokens);
  }

  @Override
  public Payload files(VolumeRequest request, Fields source, int defaultMode, Objects objects) throws ProviderFailure {
    Payload payload = new Payload();
    for (Fields projection : source.list("sources")) {
      for (Object key : projection.values().keySet()) {
        String kind = String.valueOf(key);
        if (!projection.has(kind)) {
          continue;
        }
        Content content = kinds.get(kind);
        if (content == null) {
          throw projection.failure(
              ProviderFailure.UNSUPPORTED, kind, "this node cannot project it; it can " + String.join(", ",
                  kinds.keySet()));
        }
        try {
          payload.putAll(content.files(request, projection.fields(kind), defaultMode, objects));
        } catch (PayloadProblem problem) {
          throw projection.wrong(kind, problem.getMessage());
        }
      }
    }
    return payload;
  }
}
