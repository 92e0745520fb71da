package io.bundlet.core.container;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.core.inbox.StopReason;
import io.bundlet.statemachine.Move;
import io.bundlet.statemachine.State;

/** A state of a container; {@code N} lists what may follow it. */
interface ContainerState<N extends Move<ContainerContext, ProviderFailure, StopReason>>
    extends State<ContainerContext, N, ProviderFailure, StopReason> {}
