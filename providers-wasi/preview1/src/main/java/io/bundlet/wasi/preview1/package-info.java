/**
 * WASI preview 1 for engines that bring none: {@code wasi_snapshot_preview1} and its forerunner {@code wasi_unstable}
 * as host modules. What a guest sees of the world is what its context says: arguments, environment, directories, and
 * where its output goes. Its files are kept for as long as it runs, so a guest is restarted when this bundle is
 * exchanged.
 */
package io.bundlet.wasi.preview1;
