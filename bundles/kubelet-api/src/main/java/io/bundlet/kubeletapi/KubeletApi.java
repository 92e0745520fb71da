package io.bundlet.kubeletapi;

import io.bundlet.api.admin.NodeAdmin;
import io.bundlet.api.admin.PodStreams;
import io.bundlet.api.metrics.MetricsExporter;
import io.bundlet.kubeletapi.endpoint.Neighbours;
import io.bundlet.kubernetes.NodePods;
import io.bundlet.kubernetes.Reviews;
import io.bundlet.kubernetes.ServingIdentity;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/** Lets the services in, and has the servers run by the present configuration. */
@Component(
    service = {},
    immediate = true,
    configurationPid = KubeletApiConfig.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = KubeletApiConfig.class)
public final class KubeletApi {
  private final Neighbours neighbours = new Neighbours();
  private ServerLife life;

  /** Returns at once; a thread of its own starts the servers. */
  @Activate
  public void activate(KubeletApiConfig config) {
    life = new ServerLife(neighbours, Settings.of(config));
    life.begin();
  }

  /** The servers start anew where they must; requests under way end then. */
  @Modified
  public void modified(KubeletApiConfig config) {
    life.change(Settings.of(config));
  }

  /** Ends the servers; some seconds at most. */
  @Deactivate
  public void deactivate() throws InterruptedException {
    life.end();
  }

  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY, unbind = "unbindNode")
  void bindNode(NodeAdmin node) {
    neighbours.node.bind(node);
  }

  void unbindNode(NodeAdmin node) {
    neighbours.node.unbind(node);
  }

  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY, unbind = "unbindStreams")
  void bindStreams(PodStreams streams) {
    neighbours.streams.bind(streams);
  }

  void unbindStreams(PodStreams streams) {
    neighbours.streams.unbind(streams);
  }

  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY, unbind = "unbindPods")
  void bindPods(NodePods pods) {
    neighbours.pods.bind(pods);
  }

  void unbindPods(NodePods pods) {
    neighbours.pods.unbind(pods);
  }

  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY, unbind = "unbindReviews")
  void bindReviews(Reviews reviews) {
    neighbours.reviews.bind(reviews);
  }

  void unbindReviews(Reviews reviews) {
    neighbours.reviews.unbind(reviews);
  }

  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY, unbind = "unbindIdentity")
  void bindIdentity(ServingIdentity identity) {
    neighbours.identity.bind(identity);
  }

  void unbindIdentity(ServingIdentity identity) {
    neighbours.identity.unbind(identity);
  }

  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY, unbind = "unbindMetrics")
  void bindMetrics(MetricsExporter metrics) {
    neighbours.metrics.bind(metrics);
  }

  void unbindMetrics(MetricsExporter metrics) {
    neighbours.metrics.unbind(metrics);
  }
}
