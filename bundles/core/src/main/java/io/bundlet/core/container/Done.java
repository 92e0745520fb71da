package io.bundlet.core.container;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.statemachine.FinalState;

/** The container has ended, or was never made, and will not be made again. */
record Done()
    implements FinalState<ContainerContext, ProviderFailure, StopReason>,
        ContainerTransitions.AfterWaiting,
        ContainerTransitions.AfterImagePulling,
        ContainerTransitions.AfterImagePullBackOff,
        ContainerTransitions.AfterCreating,
        ContainerTransitions.AfterExited,
        ContainerTransitions.AfterCrashLoopBackOff {}
