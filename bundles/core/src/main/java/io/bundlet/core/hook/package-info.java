/**
 * The lifecycle hooks of containers: what runs right after the start, and what runs before the end, inside the grace
 * period.
 *
 * <p>A hook is begun by {@link io.bundlet.core.hook.Hooks} and goes on in threads of its own; the container's machine
 * waits in its inbox until the {@link io.bundlet.core.hook.HookRun} is done, and can end it or shorten its time
 * meanwhile. So a hook that hangs holds up nobody for longer than the grace.
 *
 * <pre>
 * HookRun run = hooks.postStart(handler, target, events, inbox::nudge);
 * awaitOrStop(run::done, Inbox.FOREVER);                 // on a stop request: run.cancel()
 * if (run.outcome().failed()) {
 *   // event FailedPostStartHook with run.outcome().message(), the container ends, reason PostStartHookError
 * }
 *
 * HookRun run = hooks.preStop(handler, target, events, stop.grace(now), inbox::nudge);
 * inbox.await(() -> run.done() || inbox.moreUrgent(stop), FOREVER);   // run.within(less) when the grace shrinks
 * // failed(): event FailedPreStopHook, nothing else; run.took() goes off the grace
 * </pre>
 */
package io.bundlet.core.hook;
