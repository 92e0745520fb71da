/**
 * What both sides of WASI preview 1 have agreed on: error numbers, rights, kinds of files, and how structures lie in
 * the guest's memory, in {@code wasi_snapshot_preview1} and in its forerunner {@code wasi_unstable}. Every address,
 * length and count comes from the guest: {@link io.bundlet.wasi.preview1.abi.Memory} checks it before it is used.
 */
package io.bundlet.wasi.preview1.abi;
