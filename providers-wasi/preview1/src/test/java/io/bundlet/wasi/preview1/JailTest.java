package io.bundlet.wasi.preview1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.Mount;
import io.bundlet.api.wasm.WasiSettings;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Flags;
import io.bundlet.wasi.preview1.abi.Rights;
import io.bundlet.wasi.preview1.calls.Settings;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No way leads out of a guest's directories, with the kernel's help and without. */
@Timeout(300)
class JailTest {
  /** How long somebody exchanges links while a guest opens them; a minute with {@code -Dlong=true}. */
  private static final Duration RACE = Duration.ofSeconds(Boolean.getBoolean("long") ? 60 : 2);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String SECRET = "what nobody inside is to see";

  @TempDir
  Path directory;

  private Path outside;

  private Bed bed(boolean byKernel) throws Exception {
    outside = Files.createDirectories(directory.resolve("outside"));
    Files.writeString(outside.resolve("secret"), SECRET);
    Bed bed = new Bed(directory, new Settings(Settings.OPEN_FILES, byKernel));
    Files.createDirectories(bed.root.resolve("d/e"));
    Files.writeString(bed.root.resolve("d/e/file"), "inside");
    Files.createSymbolicLink(bed.root.resolve("out"), Path.of("../outside"));
    Files.createSymbolicLink(bed.root.resolve("absolute"), outside);
    Files.createSymbolicLink(bed.root.resolve("d/out-file"), Path.of("../../outside/secret"));
    Files.createSymbolicLink(bed.root.resolve("d/absolute-file"), outside.resolve("secret"));
    Files.createSymbolicLink(bed.root.resolve("d/chain"), Path.of("e/../out-file"));
    Files.createSymbolicLink(bed.root.resolve("new-outside"), Path.of("../outside/new"));
    return bed;
  }

  /** All calls with a path that leads out; what they gave. */
  private static void allAre(Errno expected, Bed bed, String path) throws Exception {
    assertEquals(expected, bed.tryOpen(Bed.ROOT, path, 1, 0, Bed.READ), path);
    assertEquals(expected, bed.tryOpen(Bed.ROOT, path, 1, 0, Rights.FD_WRITE), path);
    assertEquals(expected, bed.tryOpen(Bed.ROOT, path, 1, Flags.OPEN_CREATE, Bed.READ_WRITE), path);
    assertEquals(expected, bed.tryOpen(Bed.ROOT, path, 1, Flags.OPEN_TRUNCATE, 0), path);
    assertEquals(expected, bed.call("path_filestat_get", Bed.ROOT, 1, path, 64), path);
    assertEquals(expected, bed.call("path_filestat_set_times", Bed.ROOT, 1, path, 0L, 0L, 1), path);
    assertEquals(expected, bed.call("path_link", Bed.ROOT, 1, path, Bed.ROOT, "stolen"), path);
  }

  private static void changesAre(Errno expected, Bed bed, String path) throws Exception {
    assertEquals(expected, bed.call("path_create_directory", Bed.ROOT, path), path);
    assertEquals(expected, bed.call("path_remove_directory", Bed.ROOT, path), path);
    assertEquals(expected, bed.call("path_unlink_file", Bed.ROOT, path), path);
    assertEquals(expected, bed.call("path_rename", Bed.ROOT, path, Bed.ROOT, "stolen"), path);
    assertEquals(expected, bed.call("path_rename", Bed.ROOT, "d/e/file", Bed.ROOT, path), path);
    assertEquals(expected, bed.call("path_link", Bed.ROOT, 0, path, Bed.ROOT, "stolen"), path);
    assertEquals(expected, bed.call("path_link", Bed.ROOT, 0, "d/e/file", Bed.ROOT, path), path);
    assertEquals(expected, bed.call("path_symlink", "x", Bed.ROOT, path), path);
    assertEquals(expected, bed.call("path_readlink", Bed.ROOT, path, 64, 10, 128), path);
  }

  private void untouched(Bed bed) throws IOException {
    assertEquals(SECRET, Files.readString(outside.resolve("secret")));
    try (var files = Files.list(outside)) {
      assertEquals(1, files.count());
    }
    assertEquals("inside", Files.readString(bed.root.resolve("d/e/file")));
    assertFalse(Files.exists(bed.root.resolve("stolen")));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pathsThatLeadOutAreRefused(boolean byKernel) throws Exception {
    try (Bed bed = bed(byKernel)) {
      for (String path : new String[] {
          "..", "../", "../outside/secret", "d/../../outside/secret", "d/e/../../../outside/secret", "/",
          "/etc/passwd", outside + "/secret", "out/secret", "absolute/secret", "./out/secret", "d/../out/secret",
          "d/e/../../out/secret", "d/chain/../../../outside/secret"}) {
        allAre(Errno.PERM, bed, path);
        changesAre(Errno.PERM, bed, path);
      }
      untouched(bed);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void linksThatLeadOutAreNotFollowed(boolean byKernel) throws Exception {
    try (Bed bed = bed(byKernel)) {
      for (String path : new String[] {
          "d/out-file", "d/absolute-file", "d/chain", "out", "absolute", "out/", "new-outside"}) {
        allAre(Errno.PERM, bed, path);
      }
      assertEquals(Errno.LOOP, bed.tryOpen(Bed.ROOT, "d/out-file", 0, 0, Bed.READ));
      assertEquals(Errno.LOOP, bed.tryOpen(Bed.ROOT, "new-outside", 0, Flags.OPEN_CREATE, Bed.READ_WRITE));
      // The links themselves are the guest's.
      bed.ok("path_rename", Bed.ROOT, "d/out-file", Bed.ROOT, "d/renamed");
      bed.ok("path_unlink_file", Bed.ROOT, "d/renamed");
      bed.ok("path_unlink_file", Bed.ROOT, "out");
      untouched(bed);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aGuestsOwnLinksLeadNoFurther(boolean byKernel) throws Exception {
    try (Bed bed = bed(byKernel)) {
      assertEquals(Errno.PERM, bed.call("path_symlink", "/etc/passwd", Bed.ROOT, "mine"));
      assertEquals(Errno.INVAL, bed.call("path_symlink", "a\0b", Bed.ROOT, "mine"));
      bed.ok("path_symlink", "../outside/secret", Bed.ROOT, "mine");
      allAre(Errno.PERM, bed, "mine");
      // A directory that is moved up leads no further out than its root.
      int deep = bed.open(Bed.ROOT, "d/e", Flags.OPEN_DIRECTORY, Rights.DIRECTORY, 0);
      bed.ok("path_rename", Bed.ROOT, "d/e", Bed.ROOT, "e");
      assertEquals(Errno.PERM, bed.tryOpen(deep, "../outside/secret", 1, 0, Bed.READ));
      assertEquals(Errno.PERM, bed.tryOpen(deep, "..", 1, 0, 0));
      bed.open(deep, "file", 0, Bed.READ, 0);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void zerosAndLongNamesAreRefused(boolean byKernel) throws Exception {
    try (Bed bed = bed(byKernel)) {
      for (String path : new String[] {"d/e/file\0", "\0", "d\0/e", "d/e/file\0/../../.."}) {
        assertEquals(Errno.INVAL, bed.tryOpen(Bed.ROOT, path, 1, 0, 0));
        changesAre(Errno.INVAL, bed, path);
      }
      String name = "n".repeat(255);
      bed.open(Bed.ROOT, name, Flags.OPEN_CREATE, 0, 0);
      allAre(Errno.NAMETOOLONG, bed, name + "n");
      changesAre(Errno.NAMETOOLONG, bed, "d/" + name + "n/x");
      bed.open(Bed.ROOT, "./".repeat(2045) + "d", 0, 0, 0);
      allAre(Errno.NAMETOOLONG, bed, "./".repeat(2048));
      changesAre(Errno.NAMETOOLONG, bed, "d/".repeat(2_000) + "x".repeat(200));
      assertEquals(Errno.FAULT, bed.call("path_create_directory", Bed.ROOT, 64, -1));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void deepAndWindingPathsAreBounded(boolean byKernel) throws Exception {
    try (Bed bed = bed(byKernel)) {
      Errno deep = bed.tryOpen(Bed.ROOT, "d/../".repeat(800) + "d", 1, 0, 0);
      assertEquals(Errno.SUCCESS, deep);
      for (int i = 0; i < 50; i++) {
        Files.createSymbolicLink(bed.root.resolve("l" + i), Path.of(i == 0 ? "d" : "l" + (i - 1)));
      }
      assertEquals(Errno.SUCCESS, bed.tryOpen(Bed.ROOT, "l30/e/file", 1, 0, 0));
      assertEquals(Errno.LOOP, bed.tryOpen(Bed.ROOT, "l49/e/file", 1, 0, 0));
      assertEquals(Errno.LOOP, bed.tryOpen(Bed.ROOT, "l49", 1, 0, 0));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void onlyFilesAndDirectoriesAreOpened(boolean byKernel) throws Exception {
    try (Bed bed = bed(byKernel)) {
      run("mkfifo", bed.root.resolve("fifo").toString());
      // The name of a socket must be short.
      Path socket = Files.createTempFile("s", "");
      Files.delete(socket);
      try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(UnixDomainSocketAddress.of(socket));
        Files.move(socket, bed.root.resolve("socket"), StandardCopyOption.REPLACE_EXISTING);
        for (String special : new String[] {"fifo", "socket"}) {
          assertEquals(Errno.ACCES, bed.tryOpen(Bed.ROOT, special, 1, 0, Bed.READ));
          assertEquals(Errno.ACCES, bed.tryOpen(Bed.ROOT, special, 1, 0, Rights.FD_WRITE));
          assertEquals(Errno.ACCES, bed.tryOpen(Bed.ROOT, special, 1, Flags.OPEN_CREATE, Bed.READ_WRITE));
          assertEquals(Errno.ACCES, bed.tryOpen(Bed.ROOT, special, 1, Flags.OPEN_TRUNCATE, 0));
          bed.ok("path_filestat_get", Bed.ROOT, 1, special, 64);
        }
      }
    }
  }

  /** Devices, and the links of /proc that lead wherever a descriptor of the node's leads. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theMachinesOwnDirectoriesGiveNothingAway(boolean byKernel) throws Exception {
    try (Bed bed = bed(byKernel)) {
      for (String mounted : new String[] {"/dev", "/proc"}) {
        Guests.Context context = new Guests.Context(
            new WasiSettings(
                List.of(), Map.of(), List.of(new Mount("/m", Path.of(mounted), false)), bed.stdout, bed.stderr));
        SnapshotModule module = new SnapshotModule(new Settings(Settings.OPEN_FILES, byKernel));
        try (context; var held = Files.newInputStream(outside.resolve("secret"))) {
          String[] paths = mounted.equals("/dev")
              ? new String[] {"null", "zero", "full"}
              : new String[] {"self/fd/0", "self/root/etc/passwd", "self/cwd/pom.xml", "self/exe", "1/root"};
          for (String path : paths) {
            byte[] name = path.getBytes();
            System.arraycopy(name, 0, bed.memory.bytes(), 64, name.length);
            long[] result = {0};
            module.call(
                "path_open", context, bed.memory, new long[] {3, 1, 64, name.length, 0, 0, 0, 0, 512}, result);
            Errno errno = Errno.values()[(int) result[0]];
            // What a link of /proc says may also be the name of nothing, such as that of a pipe.
            assertTrue(
                List.of(Errno.ACCES, Errno.PERM, Errno.LOOP, Errno.NOENT).contains(errno),
                mounted + "/" + path + ": " + errno);
            assertTrue(held.available() > 0);
          }
        }
      }
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertEquals(0, process.waitFor(), String.join(" ", command));
  }

  /** Somebody who may write there exchanges a directory, and a file, for links that lead out, again and again. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void exchangedLinksNeverLeadOut(boolean byKernel) throws Exception {
    try (Bed bed = bed(byKernel)) {
      Files.createDirectories(bed.root.resolve("spare/e"));
      Files.writeString(bed.root.resolve("spare/e/secret"), "inside");
      Files.writeString(bed.root.resolve("spare/file"), "inside");
      AtomicBoolean stop = new AtomicBoolean();
      AtomicReference<Exception> failed = new AtomicReference<>();
      AtomicLong exchanges = new AtomicLong();
      Thread exchanger = Thread.ofPlatform().start(() -> {
        try {
          Path place = bed.root.resolve("place");
          Path file = bed.root.resolve("file");
          while (!stop.get()) {
            Files.move(bed.root.resolve("spare"), place);
            Files.createLink(file, place.resolve("file"));
            Files.delete(file);
            Files.createLink(file, place.resolve("file"));
            Files.move(place, bed.root.resolve("spare"));
            Files.createSymbolicLink(place, Path.of("../outside"));
            Files.delete(file);
            Files.createSymbolicLink(file, outside.resolve("secret"));
            Files.delete(place);
            Files.delete(file);
            exchanges.incrementAndGet();
          }
        } catch (Exception e) {
          failed.set(e);
        }
      });
      Map<Errno, Integer> seen = new EnumMap<>(Errno.class);
      try {
        long begin = System.nanoTime();
        // As long as it takes until each end of a race was seen.
        while (failed.get() == null
            && (System.nanoTime() - begin < RACE.toNanos()
                || System.nanoTime() - begin < PATIENCE.toNanos()
                    && !(seen.containsKey(Errno.SUCCESS) && seen.containsKey(Errno.PERM) && exchanges.get() > 100))) {
          int result = bed.room(4);
          for (String path : new String[] {"place/e/../e/secret", "place/secret", "file", "place/e/secret"}) {
            Errno errno = bed.tryOpen(Bed.ROOT, path, 1, 0, Bed.READ_WRITE, 0, result);
            seen.merge(errno, 1, Integer::sum);
            if (errno == Errno.SUCCESS) {
              int fd = bed.int32(result);
              assertEquals("inside", bed.read(fd), path);
              bed.ok("fd_close", fd);
            }
          }
          bed.call("path_create_directory", Bed.ROOT, "place/planted");
          bed.call("path_remove_directory", Bed.ROOT, "place/planted");
          bed.call("path_unlink_file", Bed.ROOT, "place/secret");
          bed.call("path_filestat_set_times", Bed.ROOT, 1, "file", 1L, 1L, 5);
        }
      } finally {
        stop.set(true);
        exchanger.join();
      }
      if (failed.get() != null) {
        throw failed.get();
      }
      assertEquals(SECRET, Files.readString(outside.resolve("secret")));
      try (var files = Files.list(outside)) {
        assertEquals(1, files.count());
      }
      assertTrue(Files.getLastModifiedTime(outside.resolve("secret")).toMillis() > 1000);
      assertTrue(exchanges.get() > 100, "exchanges: " + exchanges);
      assertTrue(seen.getOrDefault(Errno.SUCCESS, 0) > 0 && seen.getOrDefault(Errno.PERM, 0) > 0, seen.toString());
    }
  }
}
