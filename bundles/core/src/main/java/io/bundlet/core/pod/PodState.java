package io.bundlet.core.pod;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.statemachine.Move;
import io.bundlet.statemachine.State;

/** A state of a pod; {@code N} lists what may follow it. */
interface PodState<N extends Move<PodContext, ProviderFailure, StopReason>>
    extends State<PodContext, N, ProviderFailure, StopReason> {}
