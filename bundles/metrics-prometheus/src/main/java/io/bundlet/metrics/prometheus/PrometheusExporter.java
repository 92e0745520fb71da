package io.bundlet.metrics.prometheus;

import io.bundlet.api.metrics.MetricsExporter;
import io.bundlet.api.metrics.MetricsSource;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service. */
@Component(service = MetricsExporter.class)
public final class PrometheusExporter implements MetricsExporter {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final Logger LOG = LoggerFactory.getLogger(PrometheusExporter.class);

  /** A source and the group that it is in. */
  private record Grouped(String group, MetricsSource source) {}

  /** In the order in which they came, by the numbers of their services. */
  private final Map<Long, Grouped> sources = new ConcurrentSkipListMap<>();

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "unbindSource",
      updated = "bindSource")
  void bindSource(MetricsSource source, Map<String, Object> properties) {
    Object group = properties.get(MetricsSource.GROUP);
    sources.put(id(properties), new Grouped(group == null ? "" : group.toString(), source));
  }

  void unbindSource(Map<String, Object> properties) {
    sources.remove(id(properties));
  }

  private static Long id(Map<String, Object> properties) {
    return (Long) properties.get(Constants.SERVICE_ID);
  }

  @Override
  public String contentType() {
    return CONTENT_TYPE;
  }

  @Override
  public void write(String group, OutputStream out) throws IOException {
    Families families = new Families();
    for (Grouped each : sources.values()) {
      if (each.group().equals(group)) {
        collect(each.source(), families);
      }
    }
    families.problems().forEach(problem -> LOG.warn("numbers are left out: {}", problem));
    Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    new PrometheusText(text).write(families);
    text.flush();
  }

  private static void collect(MetricsSource source, Families families) {
    try {
      source.collect(families);
    } catch (RuntimeException | LinkageError defect) {
      LOG.warn("a source of metrics, {}, failed; what it had told before is shown", source.getClass(), defect);
    }
  }
}
