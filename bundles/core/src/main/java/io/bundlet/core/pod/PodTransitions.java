package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.container.StopReason;
import io.bundlet.statemachine.Move;

/** Every legal move of a pod, read top to bottom. */
interface PodTransitions {
  /** What every list of moves is a part of. */
  interface PodMove extends Move<PodContext, ProviderFailure, StopReason>, Shown {}

  sealed interface AfterAdmission extends PodMove permits Admission, Rejected, VolumesMounting, Terminating {}

  sealed interface AfterVolumesMounting extends PodMove permits VolumesMounting, SandboxCreating, Terminating {}

  sealed interface AfterSandboxCreating extends PodMove permits SandboxCreating, Running, Failed, Terminating {}

  sealed interface AfterRunning extends PodMove permits SandboxCreating, Succeeded, Failed, Terminating {}

  sealed interface AfterRejected extends PodMove permits Rejected, Terminating {}

  sealed interface AfterSucceeded extends PodMove permits Succeeded, Terminating {}

  sealed interface AfterFailed extends PodMove permits Failed, Terminating {}

  sealed interface AfterTerminating extends PodMove permits Terminating, Terminated {}
}
