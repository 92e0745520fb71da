package io.bundlet.shell;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.apache.felix.service.command.CommandSession;

/** Paths as the caller means them: relative to the caller's working directory, which is not the node's. */
final class CallersPath {
  /** The session's variable with the caller's working directory. */
  static final String DIRECTORY = ".bundlet.directory";

  private CallersPath() {}

  static Path of(CommandSession session, String named) throws CommandFailure {
    try {
      Path path = Path.of(named);
      if (path.isAbsolute()) {
        return path.normalize();
      }
      Path directory = session.get(DIRECTORY) instanceof String text ? Path.of(text) : Path.of("");
      if (!directory.isAbsolute()) {
        throw new CommandFailure("'" + named
            + "' is not absolute, and where you are is not known; name the whole path");
      }
      return directory.resolve(path).normalize();
    } catch (InvalidPathException e) {
      throw new CommandFailure("'" + named + "' cannot be a path: " + e.getReason());
    }
  }
}
