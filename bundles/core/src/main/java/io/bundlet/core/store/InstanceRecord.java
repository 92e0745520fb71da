package io.bundlet.core.store;

import io.bundlet.api.runtime.Resources;
import java.time.Instant;
import java.util.Optional;

/**
 * What is remembered of one instance of a container beside how far it has come, so that a node that was started anew
 * does nothing to it twice and takes nothing back.
 *
 * @param messageFile the name of the file for its last words, in the directory of the container's files; empty: none
 * @param postStarted whether what is to be done right after its start was done
 * @param preStopAt when what is to be done before its end was begun; empty: not yet
 * @param started whether its startup probe has succeeded
 * @param ready whether its readiness probe last said so
 * @param image the image that the manifest named when it was made; empty: not known
 * @param digest what that image is called wherever it may come from; empty: by its id alone
 * @param resources what it may use now, as far as the runtime has said yes; empty: not known
 */
public record InstanceRecord(
    String messageFile, boolean postStarted, Optional<Instant> preStopAt, boolean started, boolean ready,
    String image, String digest, Optional<Resources> resources) {
  /** An instance to which nothing was done. */
  public static final InstanceRecord NEW =
      new InstanceRecord("", false, Optional.empty(), false, false, "", "", Optional.empty());

  public InstanceRecord {
    messageFile = messageFile == null ? "" : messageFile;
    preStopAt = preStopAt == null ? Optional.empty() : preStopAt;
    image = image == null ? "" : image;
    digest = digest == null ? "" : digest;
    resources = resources == null ? Optional.empty() : resources;
  }

  public InstanceRecord withMessageFile(String name) {
    return new InstanceRecord(name, postStarted, preStopAt, started, ready, image, digest, resources);
  }

  public InstanceRecord afterPostStart() {
    return new InstanceRecord(messageFile, true, preStopAt, started, ready, image, digest, resources);
  }

  public InstanceRecord withPreStop(Instant at) {
    return new InstanceRecord(messageFile, postStarted, Optional.of(at), started, ready, image, digest, resources);
  }

  public InstanceRecord probed(boolean hasStarted, boolean isReady) {
    return new InstanceRecord(messageFile, postStarted, preStopAt, hasStarted, isReady, image, digest, resources);
  }

  public InstanceRecord madeOf(String named, String calledEverywhere, Optional<Resources> with) {
    return new InstanceRecord(messageFile, postStarted, preStopAt, started, ready, named, calledEverywhere, with);
  }

  public InstanceRecord resized(Resources to) {
    return new InstanceRecord(messageFile, postStarted, preStopAt, started, ready, image, digest, Optional.of(to));
  }
}
