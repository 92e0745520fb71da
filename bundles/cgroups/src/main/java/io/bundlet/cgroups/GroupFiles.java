package io.bundlet.cgroups;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What is done with groups, which are directories of the kernel; files in them come and go with them. */
interface GroupFiles {
  boolean exists(Path path);

  /** Whether this process may make groups in this one. */
  boolean writable(Path group);

  /** Makes a group; one that is there already is well. The group above it is there. */
  void make(Path group) throws IOException;

  /** A file's whole content without the last line's end. */
  String read(Path file) throws IOException;

  /** Writes a file that is there, with one call. */
  void write(Path file, String text) throws IOException;

  /** Removes a group. @return false when something lives in it or below it; true when it is not there any more */
  boolean remove(Path group) throws IOException;

  /** The groups directly in this one; none when it is not there. */
  List<Path> children(Path group) throws IOException;
}
