package io.bundlet.e2e.wasi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What the probe of all functions has left on the host: that it says so is not enough. */
record Outside(HostSide host) {
  private interface Look {
    boolean found() throws IOException;
  }

  /** The functions whose effect is not there, each with words for that. */
  Map<String, String> findings() throws IOException {
    Map<String, String> missing = new LinkedHashMap<>();
    look(missing, "fd_write", () -> content("rw/written").equals("written by " + host.token()));
    look(missing, "fd_pwrite", () -> content("rw/pwrite").equals("0123abc789"));
    look(missing, "fd_allocate", () -> Files.size(at("rw/allocate")) == 100);
    look(missing, "fd_filestat_set_size", () -> Files.size(at("rw/size")) == 1000);
    look(missing, "path_create_directory", () -> Files.isDirectory(at("rw/dir/in")));
    look(missing, "path_remove_directory", () -> !Files.exists(at("rw/removed")));
    look(missing, "path_unlink_file", () -> !Files.exists(at("rw/unlinked")));
    look(missing, "path_link", () -> Files.isSameFile(at("rw/linked"), at("rw/linked-too")));
    look(missing, "path_symlink", () -> Files.readSymbolicLink(at("rw/sym")).toString().equals("later"));
    look(missing, "path_rename", () -> content("rw2/renamed").equals("content"));
    look(missing, "fd_filestat_set_times",
        () -> Files.getLastModifiedTime(at("rw/times")).to(TimeUnit.DAYS) > 20_000);
    look(missing, "path_filestat_set_times",
        () -> Files.getLastModifiedTime(at("rw/path-times")).to(TimeUnit.NANOSECONDS) == 3_000_000_001L);
    look(missing, "path_open", () -> !Files.exists(at("ro/new"), LinkOption.NOFOLLOW_LINKS));
    host.untouched("");
    return missing;
  }

  private static void look(Map<String, String> missing, String function, Look look) throws IOException {
    boolean found;
    try {
      found = look.found();
    } catch (NoSuchFileException notMade) {
      found = false;
    }
    if (!found) {
      missing.put(function, "its effect is not seen on the host");
    }
  }

  private Path at(String path) {
    return host.writable().resolveSibling(path);
  }

  private String content(String path) throws IOException {
    return Files.exists(at(path)) ? Files.readString(at(path), StandardCharsets.ISO_8859_1) : "";
  }
}
