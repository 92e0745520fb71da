package io.bundlet.kubeletapi.endpoint;

import io.bundlet.kubeletapi.route.Exchange;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/** Answers in JSON, written piece by piece: a list of all pods is nowhere in memory as text. */
final class Json {
  private static final String TYPE = "application/json";
  private static final int PIECE = 16 << 10;

  private final JsonMapper mapper = JsonMapper.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  /** Maps, lists, texts and numbers. */
  void answer(Exchange exchange, Map<String, ?> value) throws IOException {
    write(exchange, generator -> generator.writePOJO(value));
  }

  void answer(Exchange exchange, List<Pod> pods) throws IOException {
    write(exchange, generator -> {
      generator.writeStartObject();
      generator.writeStringProperty("kind", "PodList");
      generator.writeStringProperty("apiVersion", "v1");
      generator.writePOJOProperty("metadata", Map.of());
      generator.writeArrayPropertyStart("items");
      for (Pod pod : pods) {
        generator.writePOJO(pod);
      }
      generator.writeEndArray();
      generator.writeEndObject();
    });
  }

  private interface Writing {
    void to(JsonGenerator generator);
  }

  private void write(Exchange exchange, Writing writing) throws IOException {
    OutputStream out = new BufferedOutputStream(exchange.begin(TYPE), PIECE);
    try (JsonGenerator generator = mapper.createGenerator(out)) {
      writing.to(generator);
    } catch (JacksonException failed) {
      throw new IOException("an answer in JSON was not written to its end", failed);
    }
    out.flush();
  }
}
