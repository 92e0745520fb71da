/**
 * A runtime that does what a test tells it. A container's command and arguments are its script, one step each; the
 * steps of the next attempts follow after {@code |}:
 *
 * <table>
 * <caption>steps</caption>
 * <tr><td>{@code say TEXT}, {@code complain TEXT}</td><td>a line of the log, of stdout or stderr</td></tr>
 * <tr><td>{@code env NAME}</td><td>says {@code NAME=value}, or {@code NAME is not set}</td></tr>
 * <tr><td>{@code cat PATH}, {@code ls PATH}, {@code stat PATH}, {@code write PATH TEXT}</td><td>of
 * what is mounted</td></tr>
 * <tr><td>{@code sleep MILLIS}, {@code await FLAG}, {@code run}</td><td>waits; {@code run} for ever</td></tr>
 * <tr><td>{@code until PATH TEXT}</td><td>waits for the text to be in the file</td></tr>
 * <tr><td>{@code serve PORT}</td><td>HTTP at the pod's address until it ends, see {@link WebServer}</td></tr>
 * <tr><td>{@code flag FLAG}, {@code test FLAG}</td><td>sets a flag; exits with 1 if it is not set</td></tr>
 * <tr><td>{@code exit CODE [REASON]}</td><td>ends; a script without it ends with 0</td></tr>
 * <tr><td>{@code vanish}</td><td>is gone without a trace</td></tr>
 * <tr><td>{@code create ORDER}, {@code start ORDER}</td><td>how the call goes, see {@link Order}</td></tr>
 * <tr><td>{@code stop CODE}, {@code stop deaf}</td><td>how it ends when asked to; else with 143. Who
 * is deaf ends with 137
 * when the grace is over</td></tr>
 * </table>
 *
 * <p>Commands of exec probes and hooks are scripts, too. The pod's annotation {@code bundlet.io/sandbox} is the
 * {@link Order} for its sandboxes, {@code bundlet.io/refuse} names the field for which the pod is refused, and
 * {@code bundlet.io/lost} the flag that loses its sandbox. What becomes of images is told by their names, see
 * {@link ScriptedImages}. A flag is a file in the directory {@code control}; tests set them from outside.
 *
 * <p>Like a container runtime this one outlives the node: what was made is kept in the directory {@code state}, and
 * goes
 * on in the next process. Every call is written to the file {@code calls}, a line of JSON each, before it is carried
 * out.
 */
package io.bundlet.testkit.scripted;
