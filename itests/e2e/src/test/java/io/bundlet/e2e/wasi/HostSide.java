package io.bundlet.e2e.wasi;

import io.bundlet.testkit.node.Distribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What one guest has of the host: three mounts, and beside them what it is not to reach, with a file of random content
 * in it. Whether that was read is seen by its time of access, which the kernel sets at the first reading after a change
 * ({@code relatime}), unless the machine is set up otherwise ({@code noatime}); then only what comes of it is seen.
 */
final class HostSide implements AutoCloseable {
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2001-02-03T04:05:06Z"));

  private final Path home;
  private final String token = GuestRun.freshToken();
  private final String secret = GuestRun.freshToken() + GuestRun.freshToken();
  private final boolean readingIsSeen;
  private final Map<String, String> outside;
  private final Map<String, String> readOnly;

  /** Makes the directories, in one that is not there yet. */
  HostSide(Path home) throws IOException {
    this.home = home;
    for (String each : new String[] {"outside/dir", "rw/sub", "rw2/sub", "ro/sub/empty"}) {
      Files.createDirectories(home.resolve(each));
    }
    Files.writeString(canary(), "secret " + secret);
    for (String each : new String[] {"rw/given", "rw2/given", "ro/given", "ro/sub/file"}) {
      Files.writeString(home.resolve(each), "given " + token);
    }
    Files.writeString(home.resolve("rw/mine"), "inside");
    Path control = Files.writeString(home.resolve("control"), "x");
    unread(control);
    Files.readString(control);
    readingIsSeen = !wasNeverRead(control);
    outside = look(home.resolve("outside"));
    readOnly = look(readOnly());
    unread(canary());
  }

  /** Adds the links that lead out, and some that do not. */
  HostSide withLinks() throws IOException {
    link("to-sub", "sub");
    link("to-outside", "../outside");
    link("sub/to-outside", "../../outside");
    link("absolute", home.resolve("outside").toString());
    link("file-out", "../outside/canary");
    link("dangling", "../outside/made");
    link("chain", "to-outside");
    link("root", "/");
    link("up", "..");
    link("loop", "loop");
    link("proc", "/proc/self/fd");
    link("proc-self", "/proc/self");
    return this;
  }

  void link(String name, String target) throws IOException {
    Files.createSymbolicLink(writable().resolve(name), Path.of(target));
  }

  private static void unread(Path file) throws IOException {
    Files.setAttribute(file, "basic:lastAccessTime", LONG_AGO);
  }

  private static boolean wasNeverRead(Path file) throws IOException {
    return Files.getAttribute(file, "basic:lastAccessTime").equals(LONG_AGO);
  }

  String token() {
    return token;
  }

  Path canary() {
    return home.resolve("outside/canary");
  }

  Path writable() {
    return home.resolve("rw");
  }

  Path alsoWritable() {
    return home.resolve("rw2");
  }

  Path readOnly() {
    return home.resolve("ro");
  }

  /**
   * Judges, once the guest is gone.
   *
   * @param log what the guest has printed
   * @return in words, that nothing has happened
   * @throws AssertionError telling what has
   */
  String untouched(String log) throws IOException {
    if (readingIsSeen && !wasNeverRead(canary())) {
      throw new AssertionError("the file outside was read, or its times were changed");
    }
    if (log.contains(secret) || holdsSecret(writable()) || holdsSecret(alsoWritable()) || holdsSecret(readOnly())) {
      throw new AssertionError("the guest knows what is in the file outside");
    }
    same("outside the mounts", outside, look(home.resolve("outside")));
    same("in the read-only mount", readOnly, look(readOnly()));
    return (readingIsSeen ? "outside never read" : "nothing known of what is outside")
        + ", nothing changed there or in the read-only mount";
  }

  private static void same(String where, Map<String, String> before, Map<String, String> after) {
    if (!before.equals(after)) {
      throw new AssertionError(where + " something has changed: " + before + " -> " + after);
    }
  }

  private boolean holdsSecret(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)).toList()) {
        if (Files.size(file) < 1 << 20
            && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(secret)) {
          return true;
        }
      }
      return false;
    }
  }

  /** Each file and directory with all that could be changed of it; of a directory, not its time, as its names tell. */
  private static Map<String, String> look(Path directory) throws IOException {
    Map<String, String> seen = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      all.forEach(each -> seen.put(directory.relativize(each).toString(), describe(each)));
    }
    return seen;
  }

  private static String describe(Path file) {
    try {
      Map<String, Object> is = Files.readAttributes(file, "unix:mode,uid,nlink,ino,lastModifiedTime,size",
          LinkOption.NOFOLLOW_LINKS);
      String kind = is.get("mode") + " of " + is.get("uid") + " inode " + is.get("ino") + " links " + is.get("nlink");
      return Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
          ? kind
          : kind + " size " + is.get("size") + " at " + is.get("lastModifiedTime") + " " + Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Distribution.remove(home);
  }
}
