package io.bundlet.api.volume;

import java.math.BigDecimal;
import java.util.Map;

/**
 * What files about a pod may say of one of its containers.
 *
 * @param requests what it asks for by resource ({@code cpu}, {@code memory}, {@code ephemeral-storage}, ...), in
 * cores or bytes
 * @param limits what it may use, in the same units; for cpu, memory and ephemeral-storage without a limit what the
 * node has
 */
public record ContainerFacts(Map<String, BigDecimal> requests, Map<String, BigDecimal> limits) {
  public ContainerFacts {
    requests = Map.copyOf(requests);
    limits = Map.copyOf(limits);
  }
}
