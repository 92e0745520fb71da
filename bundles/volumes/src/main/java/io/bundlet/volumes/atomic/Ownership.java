package io.bundlet.volumes.atomic;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

/**
 * Gives a volume to a group, as Kubernetes does with {@code fsGroup}: everything belongs to the group, which may read
 * it and, unless the volume is only for reading, write it; what is made in a directory belongs to the group, too.
 *
 * @param group the group's number
 * @param readOnly whether the group may only read
 */
public record Ownership(long group, boolean readOnly) {
  private static final int READ_AND_WRITE = 0660;
  private static final int READ = 0440;
  private static final int ENTER = 0110;
  private static final int GROUP_STAYS = 02000;

  /** The permissions that a file of this mode has afterwards. */
  public int ofFile(int mode) {
    return mode | (readOnly ? READ : READ_AND_WRITE);
  }

  private int ofDirectory(int mode) {
    return ofFile(mode) | ENTER | GROUP_STAYS;
  }

  /** Whether this is so for the root of the volume. */
  public boolean holdsFor(Path root) throws IOException {
    Map<String, Object> is = Files.readAttributes(root, "unix:gid,mode");
    int mode = (Integer) is.get("mode") & 07777;
    return Integer.toUnsignedLong((Integer) is.get("gid")) == group && ofDirectory(mode) == mode;
  }

  /** Makes it so for everything in the tree; links are given, not what they lead to. */
  public void giveAll(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            give(directory);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            give(file);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Makes it so for this one. */
  public void give(Path path) throws IOException {
    Map<String, Object> is = Files.readAttributes(path, "unix:mode,isSymbolicLink,isDirectory",
        LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", (int) group, LinkOption.NOFOLLOW_LINKS);
    if (!(Boolean) is.get("isSymbolicLink")) {
      int mode = (Integer) is.get("mode") & 07777;
      Files.setAttribute(path, "unix:mode", (Boolean) is.get("isDirectory") ? ofDirectory(mode) : ofFile(mode));
    }
  }
}
