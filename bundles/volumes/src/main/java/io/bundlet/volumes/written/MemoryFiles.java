package io.bundlet.volumes.written;

import io.bundlet.linux.LinuxFailure;
import io.bundlet.linux.Mounts;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps files that are nobody's business off the disk, where the node may. */
final class MemoryFiles {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryFiles.class);
  private static final AtomicBoolean SAID = new AtomicBoolean();

  private MemoryFiles() {}

  /** Mounts files in memory there; where that is not allowed, they are files on disk and a warning says so, once. */
  static void mount(Path at, long sizeBytes, int mode) throws LinuxFailure {
    try {
      Mounts.memory(at, sizeBytes, mode, Mounts.NO_SUID | Mounts.NO_DEVICES);
    } catch (LinuxFailure failed) {
      if (failed.errno() != LinuxFailure.EPERM && failed.errno() != LinuxFailure.EACCES) {
        throw failed;
      }
      if (SAID.compareAndSet(false, true)) {
        LOG.warn("Secrets and tokens are kept on disk, below {}: only root may mount files in memory. Run the "
            + "node as root "
            + "to have them in memory only.", at.getParent());
      }
    }
  }
}
