package io.bundlet.launcher;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in words what went wrong with a file. */
final class Reasons {
  private Reasons() {}

  static String of(Throwable failure) {
    return switch (failure) {
      case FileAlreadyExistsException e -> "a file of that name is in the way";
      case NoSuchFileException e -> "it does not exist";
      case NotDirectoryException e -> "it is no directory";
      case AccessDeniedException e -> "permission denied";
      case FileSystemException e when e.getReason() != null -> e.getReason();
      default -> failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    };
  }
}
