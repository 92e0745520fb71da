package io.bundlet.wasi.preview1.files;

import io.bundlet.linux.SystemCalls;

/**
 * Where a path's last name is: a directory that is held, and one name in it, without a slash.
 *
 * @param directory Linux' number of it
 * @param owned whether it is closed with this
 * @param path what was resolved
 * @param begin where in the path the last name begins
 * @param name the last name; {@code .} when the path ends in {@code .} or {@code ..}
 * @param slash whether the path ends in a slash, so that a directory is meant, behind a link too
 */
record Place(SystemCalls calls, int directory, boolean owned, byte[] path, int begin, byte[] name, boolean slash)
    implements AutoCloseable {
  @Override
  public void close() {
    if (owned) {
      calls.close(directory);
    }
  }
}
