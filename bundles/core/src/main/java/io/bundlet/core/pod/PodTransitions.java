package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.core.status.Shown;
import io.bundlet.core.store.PodRecord;
import io.bundlet.statemachine.Move;
import java.util.Optional;

/** Every legal move of a pod, read top to bottom. */
interface PodTransitions {
  /** What every list of moves is a part of. */
  interface PodMove extends Move<PodContext, ProviderFailure, StopReason>, Shown {
    /** How the pod has ended; empty in a state in which it has not. */
    default Optional<PodRecord.End> end() {
      return Optional.empty();
    }

    /** How the pod is about to end; empty in a state in which it is not. */
    default Optional<PodRecord.Ending> ending() {
      return Optional.empty();
    }

    /** Whether the pod can be made to end from here, other than by its deletion. */
    default boolean mayEnd() {
      return false;
    }
  }

  sealed interface AfterAdmission extends PodMove permits Admission, Rejected, VolumesMounting, Ending, Terminating {}

  sealed interface AfterVolumesMounting extends PodMove permits VolumesMounting, SandboxCreating, Ending, Terminating {}

  sealed interface AfterSandboxCreating extends PodMove
      permits VolumesMounting, SandboxCreating, Running, Failed, Ending, Terminating {}

  sealed interface AfterRunning extends PodMove permits SandboxCreating, Succeeded, Failed, Ending, Terminating {}

  sealed interface AfterEnding extends PodMove permits Ending, Succeeded, Failed, Terminating {}

  sealed interface AfterRejected extends PodMove permits Rejected, Terminating {}

  sealed interface AfterSucceeded extends PodMove permits Succeeded, Terminating {}

  sealed interface AfterFailed extends PodMove permits Failed, Terminating {}

  sealed interface AfterTerminating extends PodMove permits Terminating, Terminated {}
}
