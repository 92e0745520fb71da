package io.bundlet.wasi.preview1.calls;

/**
 * What applies to guests that make their first call from now on.
 *
 * @param openFiles how many descriptors one may have open, those that it is started with included
 * @param byKernel whether paths are resolved with openat2(2) where there is that
 */
public record Settings(int openFiles, boolean byKernel) {
  /** How many open files unless configured otherwise: what most processes on Linux have, too. */
  public static final int OPEN_FILES = 1024;
}
