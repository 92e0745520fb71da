/**
 * What {@code bundlet run} shows, and when it ends. One thread ({@link io.bundlet.console.ConsoleLoop}) takes in what
 * the node says of its pods, follows the containers' logs, and prints; when every pod that can end has ended it tells
 * the launcher the exit code.
 */
package io.bundlet.console;
