package io.bundlet.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.metrics.HistogramValue;
import io.bundlet.api.metrics.Metric;
import io.bundlet.api.metrics.MetricsSink;
import io.bundlet.api.metrics.MetricsSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Constants;

class PrometheusExporterTest {
  private static final Metric PODS = Metric.gauge("pods", "How many.", "namespace");
  private static final Metric TIME = Metric.counter("cpu_seconds_total", "Time.");

  private final PrometheusExporter exporter = new PrometheusExporter();
  private long services;

  private Map<String, Object> bind(String group, MetricsSource source) {
    Map<String, Object> properties = Map.of(Constants.SERVICE_ID, ++services, MetricsSource.GROUP, group);
    exporter.bindSource(source, properties);
    return properties;
  }

  private String text(String group) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    exporter.write(group, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void numbersOfAMetricStandTogetherWhoeverTellsThem() throws IOException {
    bind("", sink -> {
      sink.sample(PODS, 2, "default");
      sink.sample(TIME, 0.25);
    });
    bind("", sink -> {
      sink.sample(PODS, 1, "other");
      sink.sample(PODS, 7, "default");
    });
    assertEquals("""
        # HELP pods How many.
        # TYPE pods gauge
        pods{namespace="default"} 2
        pods{namespace="other"} 1
        # HELP cpu_seconds_total Time.
        # TYPE cpu_seconds_total counter
        cpu_seconds_total 0.25
        """, text(""));
  }

  @Test
  void whatGuestsNamedCannotForgeLines() throws IOException {
    bind("", sink -> sink.sample(PODS, 1, "a\"} 9\npods{namespace=\"b\\"));
    assertTrue(text("").endsWith("\npods{namespace=\"a\\\"} 9\\npods{namespace=\\\"b\\\\\"} 1\n"), text(""));
  }

  @Test
  void aNumberMayBeOlder() throws IOException {
    bind("", sink -> sink.sampleAt(TIME, Instant.ofEpochMilli(1_700_000_000_123L), 12));
    assertTrue(text("").endsWith("cpu_seconds_total 12 1700000000123\n"), text(""));
  }

  @Test
  void bucketsAreToldAsSums() throws IOException {
    Metric delay = Metric.histogram("delay_seconds", "Delay.", "kind");
    bind("", sink -> sink.histogram(delay, new HistogramValue(List.of(0.5, 2.0), List.of(3L, 1L, 2L), 11.5), "x"));
    assertEquals("""
        # HELP delay_seconds Delay.
        # TYPE delay_seconds histogram
        delay_seconds_bucket{kind="x",le="0.5"} 3
        delay_seconds_bucket{kind="x",le="2"} 4
        delay_seconds_bucket{kind="x",le="+Inf"} 6
        delay_seconds_sum{kind="x"} 11.5
        delay_seconds_count{kind="x"} 6
        """, text(""));
  }

  @Test
  void groupsAreApart() throws IOException {
    bind("", sink -> sink.sample(TIME, 1));
    Map<String, Object> resource = bind(MetricsSource.RESOURCE, sink -> sink.sample(PODS, 1, "default"));
    assertFalse(text("").contains("pods"), text(""));
    assertFalse(text(MetricsSource.RESOURCE).contains("cpu"), text(MetricsSource.RESOURCE));
    exporter.unbindSource(resource);
    assertEquals("", text(MetricsSource.RESOURCE));
  }

  @Test
  void aSourceThatFailsCostsItsOwnNumbers() throws IOException {
    bind("", sink -> {
      throw new IllegalStateException("broken");
    });
    bind("", sink -> sink.sample(TIME, 1));
    assertTrue(text("").contains("cpu_seconds_total 1\n"), text(""));
  }

  @Test
  void whatDoesNotFitIsLeftOut() throws IOException {
    bind("", sink -> sink.sample(TIME, 1));
    bind("", PrometheusExporterTest::wrong);
    assertEquals("""
        # HELP cpu_seconds_total Time.
        # TYPE cpu_seconds_total counter
        cpu_seconds_total 1
        """, text(""));
  }

  private static void wrong(MetricsSink sink) {
    sink.sample(Metric.gauge("cpu_seconds_total", "Another kind."), 9);
    sink.sample(PODS, 9);
    sink.histogram(PODS, new HistogramValue(List.of(), List.of(1L), 1), "default");
    sink.sample(Metric.histogram("delay_seconds", "Delay."), 9);
  }

  @Test
  void aSourceCannotFillTheMemory() throws IOException {
    bind("", sink -> {
      for (int i = 0; i < 3 * Families.MAX_NUMBERS; i++) {
        sink.sample(PODS, i, Integer.toString(i));
      }
    });
    bind("", sink -> sink.sample(PODS, 1, "x".repeat(3 * Families.MAX_LABEL)));
    assertEquals(Families.MAX_NUMBERS, text("").lines().filter(line -> line.startsWith("pods{")).count());
  }
}
