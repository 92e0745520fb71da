package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.statemachine.FinalState;

/** Nothing of the pod is left. */
record Terminated()
    implements FinalState<PodContext, ProviderFailure, StopReason>, PodTransitions.AfterTerminating {}
