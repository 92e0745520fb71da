package io.bundlet.core.node;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of the core, pid {@code io.bundlet.core}. */
@ObjectClassDefinition(name = "Bundlet core", description = "The node itself")
public @interface NodeConfig {
  /** The configuration's persistent identity. */
  String PID = "io.bundlet.core";

  @AttributeDefinition(name = "Node name", description = "Shown to people. Changing it takes a restart.")
  String node_name();

  @AttributeDefinition(
      name = "Node id",
      description = "Marks what belongs to this node in every runtime; random, kept in the data directory.")
  String node_id();

  @AttributeDefinition(name = "Data directory", description = "Holds the node's state. Changing it takes a restart.")
  String data_directory();

  @AttributeDefinition(
      name = "Default handler",
      description = "The runtime handler of pods that name none; empty: such pods wait. May be changed at any time.")
  String default_handler() default "";

  @AttributeDefinition(
      name = "Node address",
      description = "The node's own addresses, the first one first; empty: those of the interface that leads outside.")
  String[] node_ip() default {};

  @AttributeDefinition(
      name = "Cluster DNS",
      description = "Addresses of the cluster's name servers, for pods of the policy ClusterFirst; empty: there is no"
          + " cluster. Holds for pods that start from now on, as the two below do.")
  String[] cluster_dns() default {};

  @AttributeDefinition(name = "Cluster domain", description = "The domain of the cluster's services.")
  String cluster_domain() default "cluster.local";

  @AttributeDefinition(
      name = "resolv.conf",
      description =
      "The file from which pods of the policy Default look names up; empty: they look up none of the node's.")
  String resolv_conf() default "/etc/resolv.conf";

  @AttributeDefinition(
      name = "Reserved for the system",
      description = "What pods may not have, such as cpu=200m, memory=500Mi, ephemeral-storage=1Gi. Pods that run stay,"
          + " as with the three below; what can be used of the settings is used, the rest is told by node:info.")
  String[] system_reserved() default {};

  @AttributeDefinition(
      name = "Reserved for the node itself", description = "The same once more, for the node and its runtimes.")
  String[] kube_reserved() default {};

  @AttributeDefinition(
      name = "Eviction thresholds",
      description = "What has to stay free, as an amount or a part of all: memory.available, nodefs.available,"
          + " nodefs.inodesFree, pid.available. Pods are promised nothing of it. Those that are named hold alone.")
  String[] eviction_hard() default {"memory.available<100Mi", "nodefs.available<10%", "nodefs.inodesFree<5%"};

  @AttributeDefinition(
      name = "Eviction transition",
      description = "For how many seconds the node counts as short of something after it was short of it last.")
  int eviction_transition_seconds() default 300;

  @AttributeDefinition(name = "Pods", description = "How many pods the node runs at most.")
  int max_pods() default 110;

  @AttributeDefinition(
      name = "Grace at shutdown",
      description = "For how many seconds pods may end when the node is told to end by SIGTERM; 0: they are not ended,"
          + " and the next node on the same data takes over those that run on. May be changed at any time, as the two"
          + " below.")
  int shutdown_grace_seconds() default 0;

  @AttributeDefinition(
      name = "Grace of critical pods at shutdown",
      description = "How much of that is kept for pods of the system's priorities, which end after the others.")
  int shutdown_grace_critical_seconds() default 0;

  @AttributeDefinition(
      name = "Graces at shutdown by priority",
      description = "In the place of the two above, such as 0=30 and 1000=20: pods of a priority below 1000 end first,"
          + " within 30 s, then the others.")
  String[] shutdown_grace_by_priority() default {};

  @AttributeDefinition(
      name = "Credentials of registries",
      description = "The node's own file in the form of docker's config.json, for the images of all pods; empty: none."
          + " Read again when it has changed; may be another at any time, as the settings of images below.")
  String image_credentials_file() default "";

  @AttributeDefinition(
      name = "Pulls at a time", description = "How many images are pulled at a time for a runtime; 0: any number.")
  int max_parallel_image_pulls() default 5;

  @AttributeDefinition(
      name = "Longest pull",
      description = "After how many seconds a pull is given up, so that others have their turn; what it has brought"
          + " so far is up to the runtime. 0: never. May be changed at any time, and holds for pulls from then on.")
  int image_pull_limit_seconds() default 3600;

  @AttributeDefinition(
      name = "Images are removed from here",
      description = "How full, in percent, the file system of images is when unused ones are removed; 100: never.")
  int image_gc_high_percent() default 85;

  @AttributeDefinition(
      name = "Images are removed down to here", description = "How full it may still be when that ends.")
  int image_gc_low_percent() default 80;

  @AttributeDefinition(
      name = "Least age of removed images",
      description = "For how many seconds an image is left alone after it was seen first.")
  int image_gc_min_age_seconds() default 120;

  @AttributeDefinition(
      name = "Greatest age of unused images",
      description = "After how many seconds without use an image is removed, however much room there is; 0: never.")
  int image_gc_max_age_seconds() default 0;

  @AttributeDefinition(
      name = "Interval of looks at images", description = "Seconds from one look to the next; at least 1.")
  int image_gc_interval_seconds() default 300;

  @AttributeDefinition(
      name = "Largest log file",
      description = "A container's log that is larger is rotated, as a quantity such as 10Mi. May be changed at any"
          + " time.")
  String log_max_size() default "10Mi";

  @AttributeDefinition(
      name = "Files of a log",
      description = "How many files are kept of a container's log, the present one included; at least 2. May be"
          + " changed at any time.")
  int log_max_files() default 5;

  @AttributeDefinition(
      name = "Interval of looks at logs",
      description = "Seconds from one look at the logs' sizes to the next; at least 1. May be changed at any time.")
  int log_interval_seconds() default 10;

  @AttributeDefinition(
      name = "Node labels",
      description = "More labels of the node in a cluster, such as example.com/disk=fast. May be changed at any time,"
          + " as those below; what cannot be used is told by node:info.")
  String[] node_labels() default {};

  @AttributeDefinition(
      name = "Node taints",
      description = "Taints with which the node is registered in a cluster, such as dedicated=web:NoSchedule. A node"
          + " that is registered keeps those that it has.")
  String[] node_taints() default {};

  @AttributeDefinition(
      name = "Krustlet's architecture",
      description = "wasm32- and a handler: the node is registered with this architecture and is tainted by it, so that"
          + " it is for manifests made for Krustlet alone; empty: with the machine's.")
  String krustlet_arch() default "";

  @AttributeDefinition(name = "Kubelet port", description = "Where the kubelet's API is found; 0: nowhere.")
  int kubelet_port() default 10250;

  @AttributeDefinition(
      name = "Host name",
      description = "The machine's name in a cluster, for its label and its address; empty: its own.")
  String node_hostname() default "";

  @AttributeDefinition(name = "Provider id", description = "The cloud's name of the machine; may be empty.")
  String provider_id() default "";
}
