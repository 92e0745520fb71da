package io.bundlet.cgroups;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The kernel's own. Plain streams, which an interrupt does not close. */
final class KernelFiles implements GroupFiles {
  /** No file of the kernel that is read here is nearly as long. */
  private static final int LONGEST = 1 << 20;

  private static final int MOST_CHILDREN = 100_000;

  @Override
  public boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public boolean writable(Path group) {
    return Files.isWritable(group);
  }

  @Override
  public void make(Path group) throws IOException {
    try {
      Files.createDirectory(group);
    } catch (FileAlreadyExistsException there) {
      if (!Files.isDirectory(group, LinkOption.NOFOLLOW_LINKS)) {
        throw there;
      }
    }
  }

  @Override
  public String read(Path file) throws IOException {
    try (FileInputStream in = new FileInputStream(file.toFile())) {
      return new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).stripTrailing();
    }
  }

  @Override
  public void write(Path file, String text) throws IOException {
    if (!exists(file)) {
      throw new FileNotFoundException(file + " (the kernel has no such setting)");
    }
    try (FileOutputStream out = new FileOutputStream(file.toFile())) {
      out.write(text.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException failed) {
      throw new IOException("\"" + text + "\" to " + file + ": " + failed.getMessage(), failed);
    }
  }

  @Override
  public boolean remove(Path group) throws IOException {
    try {
      // For a directory this is rmdir(2), which the kernel refuses while anything lives in the group.
      if (Files.isDirectory(group, LinkOption.NOFOLLOW_LINKS)) {
        Files.delete(group);
      }
      return true;
    } catch (NoSuchFileException gone) {
      return true;
    } catch (IOException busy) {
      return false;
    }
  }

  @Override
  public List<Path> children(Path group) throws IOException {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(group, entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))) {
      for (Path entry : entries) {
        all.add(entry);
        if (all.size() >= MOST_CHILDREN) {
          return all;
        }
      }
      return all;
    } catch (NoSuchFileException | NotDirectoryException none) {
      return List.of();
    } catch (DirectoryIteratorException failed) {
      throw failed.getCause();
    }
  }
}
