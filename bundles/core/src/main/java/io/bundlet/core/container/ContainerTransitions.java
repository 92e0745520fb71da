package io.bundlet.core.container;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.status.Shown;
import io.bundlet.statemachine.Move;

/** Every legal move of a container, read top to bottom. */
interface ContainerTransitions {
  /** What every list of moves is a part of. */
  interface ContainerMove extends Move<ContainerContext, ProviderFailure, StopReason>, Shown {}

  sealed interface AfterWaiting extends ContainerMove
      permits Waiting, ImagePulling, Starting, PostStart, Running, Stopping, Exited, CrashLoopBackOff, Done {}

  sealed interface AfterImagePulling extends ContainerMove permits Creating, ImagePullBackOff, Done {}

  sealed interface AfterImagePullBackOff extends ContainerMove permits ImagePulling, Done {}

  sealed interface AfterCreating extends ContainerMove permits Creating, Starting, Waiting, Exited, Done {}

  sealed interface AfterStarting extends ContainerMove permits PostStart, Running, Waiting, Stopping, Exited {}

  sealed interface AfterPostStart extends ContainerMove permits Running, Waiting, Stopping, Exited {}

  sealed interface AfterRunning extends ContainerMove permits Waiting, Stopping, Exited {}

  sealed interface AfterStopping extends ContainerMove permits Stopping, Exited {}

  sealed interface AfterExited extends ContainerMove permits Exited, CrashLoopBackOff, ImagePulling, Done {}

  sealed interface AfterCrashLoopBackOff extends ContainerMove permits ImagePulling, Done {}
}
