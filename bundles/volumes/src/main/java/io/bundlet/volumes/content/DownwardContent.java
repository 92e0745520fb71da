package io.bundlet.volumes.content;

import io.bundlet.api.objects.Objects;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.ContainerFacts;
import io.bundlet.api.volume.VolumeRequest;
import io.bundlet.volumes.atomic.Payload;
import io.bundlet.volumes.atomic.PayloadFile;
import io.bundlet.volumes.source.Amounts;
import io.bundlet.volumes.source.Fields;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Facts about the pod: its names, labels and annotations, and what its containers ask for and may use. */
public final class DownwardContent implements Content {
  private static final Pattern KEY = Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)'\\]");

  @Override
  public Payload files(VolumeRequest request, Fields source, int defaultMode, Objects objects) throws ProviderFailure {
    Payload payload = new Payload();
    for (Fields item : source.list("items")) {
      String value;
      if (item.has("fieldRef")) {
        value = field(request, item.fields("fieldRef"));
      } else if (item.has("resourceFieldRef")) {
        value = resource(request, item.fields("resourceFieldRef"));
      } else {
        throw item.wrong("", "needs fieldRef or resourceFieldRef");
      }
      PayloadFile file = new PayloadFile(value.getBytes(StandardCharsets.UTF_8), item.mode("mode", defaultMode));
      KeyFiles.put(payload, item.required("path"), file, item, "path");
    }
    return payload;
  }

  private static String field(VolumeRequest request, Fields ref) throws ProviderFailure {
    String path = ref.required("fieldPath");
    Matcher key = KEY.matcher(path);
    if (key.matches()) {
      Map<String, String> of = key.group(1).equals("labels") ? request.pod().labels() : request.pod().annotations();
      return of.getOrDefault(key.group(2), "");
    }
    return switch (path) {
      case "metadata.name" -> request.volume().pod().name();
      case "metadata.namespace" -> request.volume().pod().namespace();
      case "metadata.uid" -> request.volume().pod().uid();
      case "metadata.labels" -> lines(request.pod().labels());
      case "metadata.annotations" -> lines(request.pod().annotations());
      default -> throw ref.wrong(
          "fieldPath",
          "\"" + path + "\" cannot be a file; files can hold metadata.name, namespace, uid, labels and "
              + "annotations, and one of "
              + "these as metadata.labels['KEY']");
    };
  }

  private static String lines(Map<String, String> of) {
    return new TreeMap<>(of).entrySet().stream().map(entry -> entry.getKey() + "=" + GoText.quoted(entry.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private static String resource(VolumeRequest request, Fields ref) throws ProviderFailure {
    String container = ref.required("containerName");
    ContainerFacts facts = request.pod().containers().get(container);
    if (facts == null) {
      throw ref.wrong("containerName", "the pod has no container \"" + container + "\"");
    }
    String resource = ref.required("resource");
    Map<String, BigDecimal> of =
        resource.startsWith("limits.") ? facts.limits() : resource.startsWith("requests.") ? facts.requests() : null;
    String name = resource.substring(resource.indexOf('.') + 1);
    if (of == null || !name.matches("cpu|memory|ephemeral-storage|hugepages-.+")) {
      throw ref.wrong(
          "resource", "\"" + resource + "\" is none; use limits.cpu, limits.memory, limits.ephemeral-storage, or "
              + "the same of "
              + "requests");
    }
    return rounded(of.getOrDefault(name, BigDecimal.ZERO), divisor(ref), name.equals("cpu"));
  }

  private static BigDecimal divisor(Fields ref) throws ProviderFailure {
    String text = ref.text("divisor");
    BigDecimal divisor = Amounts.parse(text.isEmpty() ? "1" : text).orElse(BigDecimal.ZERO.subtract(BigDecimal.ONE));
    if (divisor.signum() < 0) {
      throw ref.wrong("divisor", "\"" + text + "\" is no quantity");
    }
    return divisor.signum() == 0 ? BigDecimal.ONE : divisor;
  }

  /** As in the environment: up to the next whole number, of what Kubernetes counts (thousandths of cores, or bytes). */
  private static String rounded(BigDecimal amount, BigDecimal divisor, boolean cpu) {
    int shift = cpu ? 3 : 0;
    BigDecimal counted = amount.movePointRight(shift).setScale(0, RoundingMode.CEILING);
    BigDecimal by = divisor.movePointRight(shift).setScale(0, RoundingMode.CEILING);
    return counted.divide(by, 0, RoundingMode.CEILING).toBigInteger().toString();
  }
}
