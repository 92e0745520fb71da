package io.bundlet.cri.provider;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Where the runtime is. */
@ObjectClassDefinition(
    name = "Bundlet CRI Provider",
    description = "Runs pods as containers in a runtime that speaks the Container Runtime Interface.")
public @interface CriConfig {
  @AttributeDefinition(
      name = "Endpoint",
      description = "The runtime's unix socket: unix:///path, or an absolute path. A change reconnects;"
          + " containers run on.")
  String endpoint() default "unix:///run/containerd/containerd.sock";

  @AttributeDefinition(
      name = "Allowed unsafe sysctls",
      description = "Settings of the kernel that pods may have beside the safe ones, such as kernel.msg*. Only those"
          + " that belong to a pod's own namespaces can be allowed.")
  String[] allowed_unsafe_sysctls() default {};

  @AttributeDefinition(
      name = "Request timeout",
      description = "After how many seconds a call to the runtime that does something is given up and made again;"
          + " making a sandbox has twice as long, ending a container its grace more. What only asks has 20 at most.")
  int request_timeout_seconds() default 120;
}
