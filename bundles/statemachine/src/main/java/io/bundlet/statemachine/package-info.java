/**
 * State machines whose illegal moves do not compile.
 *
 * <p>A state is a class that implements {@link io.bundlet.statemachine.State} and names, as a type argument, the sealed
 * interface of all moves that are legal after it. All these interfaces of one machine stand in one file, which is the
 * table that a reader wants; {@link io.bundlet.statemachine.Graph} reads the same table from the types and prints it.
 * {@link io.bundlet.statemachine.Machine} runs an object through its states on the caller's thread. Nothing here knows
 * of Kubernetes: the object may be a pod, a container or a custom resource.
 *
 * <pre>{@code
 * interface DoorTransitions {
 *   sealed interface AfterOpen extends Move<Door, IOException, Slam> permits Closed, Locked {}
 * }
 * record Open() implements State<Door, AfterOpen, IOException, Slam> { ... }
 * }</pre>
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.bundlet.statemachine;
