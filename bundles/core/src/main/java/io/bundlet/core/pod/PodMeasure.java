package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.store.ContainerRecord;
import io.bundlet.core.usage.DiskUse;
import io.bundlet.core.usage.MeasuredPod;
import io.bundlet.linux.TreeSize;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what a pod uses. Beside the pod's worker, from which it only reads. */
record PodMeasure(PodContext pod) implements MeasuredPod {
  private static final Logger LOG = LoggerFactory.getLogger(PodMeasure.class);

  @Override
  public String uid() {
    return pod.record().uid();
  }

  @Override
  public String provider() {
    return pod.record().provider();
  }

  @Override
  public Map<String, String> containerIds() {
    Map<String, String> ids = new HashMap<>();
    for (ContainerRecord container : pod.record().containers().values()) {
      if (container.mayRun() && !container.id().isEmpty()) {
        ids.put(container.name(), container.id());
      }
    }
    return ids;
  }

  @Override
  public DiskUse disk() throws InterruptedException {
    Map<String, Long> logs = new HashMap<>();
    long files = 0;
    try (DirectoryStream<Path> containers = Files.newDirectoryStream(
        pod.plan().logDirectory(), entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))) {
      for (Path container : containers) {
        TreeSize size = TreeSize.of(container);
        logs.put(container.getFileName().toString(), size.bytes());
        files += size.inodes();
      }
    } catch (NoSuchFileException none) {
      LOG.trace("pod {} has no logs yet", pod.plan().id());
    } catch (IOException | DirectoryIteratorException failed) {
      LOG.debug("the logs of pod {} cannot be measured: {}", pod.plan().id(), failed.toString());
    }
    DiskUse use = new DiskUse(pod.volumes().use(this::untold), logs, files);
    if (Thread.interrupted()) {
      throw new InterruptedException("the walk over pod " + uid() + " was ended");
    }
    return use;
  }

  private void untold(String volume, ProviderFailure failure) {
    LOG.debug("what volume {} of pod {} takes is not known: {}", volume, pod.plan().id(), failure.getMessage());
  }
}
