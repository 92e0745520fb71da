package io.bundlet.cgroups;

import io.bundlet.api.cgroup.ControlGroups;
import io.bundlet.api.cgroup.GroupSupport;
import io.bundlet.api.cgroup.PodGroup;
import io.bundlet.api.runtime.Owner;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service. Holds nothing but where the hierarchies are: what there is, is in the kernel. */
@Component(service = ControlGroups.class, configurationPid = "io.bundlet.cgroups")
@Designate(ocd = GroupService.Config.class)
public final class GroupService implements ControlGroups {
  private static final Logger LOG = LoggerFactory.getLogger(GroupService.class);

  /** What can be set. */
  @ObjectClassDefinition(name = "Bundlet control groups")
  public @interface Config {
    @AttributeDefinition(description = "whether pods whose containers are processes get groups; of new pods")
    boolean pods() default true;

    @AttributeDefinition(description = "whether guests in the node's process get groups; of new guests")
    boolean threads() default true;
  }

  private static final String TURNED_OFF = "turned off in the configuration io.bundlet.cgroups";

  private final GroupFiles files;
  private final Path root;
  private final int processors;
  private volatile Config config;
  private Trees trees;
  private volatile String threadsFailed = "";

  private record Trees(PodTree pods, ThreadTree threads, String unreadable) {}

  /** The machine's groups are looked at when they are first asked for. */
  @Activate
  public GroupService(Config config) {
    this(new KernelFiles(), Path.of("/"), Runtime.getRuntime().availableProcessors(), config);
  }

  GroupService(GroupFiles files, Path root, int processors, Config config) {
    this.files = files;
    this.root = root;
    this.processors = processors;
    this.config = config;
  }

  /** Groups that are there stay. */
  @Modified
  void modified(Config changed) {
    config = changed;
  }

  private synchronized Trees trees() {
    if (trees == null) {
      List<Hierarchy> all = List.of();
      String unreadable = "";
      try {
        all = Hierarchy.read(files, root);
      } catch (IOException failed) {
        unreadable = "the kernel's control groups cannot be read: " + failed.getMessage();
      }
      trees = new Trees(new PodTree(files, all, processors), new ThreadTree(files, all), unreadable);
    }
    return trees;
  }

  @Override
  public GroupSupport support() {
    Trees now = trees();
    String pods = config.pods() ? first(now.unreadable(), now.pods().problem()) : TURNED_OFF;
    String threads =
        config.threads() ? first(now.unreadable(), first(now.threads().problem(), threadsFailed)) : TURNED_OFF;
    return new GroupSupport(pods, threads);
  }

  private static String first(String one, String other) {
    return one.isEmpty() ? other : one;
  }

  @Override
  public synchronized String makePod(PodGroup pod) throws ProviderFailure {
    String why = support().pods();
    if (!why.isEmpty()) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, why);
    }
    try {
      return trees().pods().make(pod);
    } catch (IOException failed) {
      throw failure("control group of pod " + pod.pod(), failed);
    }
  }

  @Override
  public synchronized void join(PodGroup pod, String container, Resources limits, long thread)
      throws ProviderFailure {
    if (!config.threads()) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, TURNED_OFF);
    }
    try {
      if (trees().threads().join(pod, container, limits, thread)) {
        threadsFailed = "";
      }
    } catch (IOException failed) {
      threadsFailed = failed.getMessage();
      throw failure("control group of a thread of pod " + pod.pod(), failed);
    }
  }

  @Override
  public synchronized void leave(PodGroup pod, String container, long thread) throws ProviderFailure {
    try {
      trees().threads().leave(pod, container, thread);
    } catch (IOException failed) {
      throw failure("control group of a thread of pod " + pod.pod(), failed);
    }
  }

  @Override
  public synchronized boolean removePod(Owner owner, String podUid) throws ProviderFailure {
    try {
      Trees now = trees();
      boolean none = now.pods().remove(owner, podUid) & now.threads().remove(owner, podUid);
      // Only then nobody makes groups in them: the node makes a pod's before a runtime adds its own.
      if (none && pods(owner).isEmpty()) {
        now.pods().removeEmpty(owner);
        now.threads().removeEmpty(owner);
      }
      return none;
    } catch (IOException failed) {
      throw failure("control groups of pod " + podUid, failed);
    }
  }

  @Override
  public synchronized Set<String> pods(Owner owner) throws ProviderFailure {
    try {
      Set<String> all = new TreeSet<>(trees().pods().uids(owner));
      all.addAll(trees().threads().uids(owner));
      return all;
    } catch (IOException failed) {
      throw failure("control groups of the node", failed);
    }
  }

  private static ProviderFailure failure(String what, IOException failed) {
    LOG.debug("{}: {}", what, failed.toString());
    return ProviderFailure.of(ProviderFailure.UNAVAILABLE, what + ": " + failed.getMessage(), failed);
  }
}
