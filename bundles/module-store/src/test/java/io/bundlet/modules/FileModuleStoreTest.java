package io.bundlet.modules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageRef;
import io.bundlet.api.image.ImageStorage;
import io.bundlet.api.image.PullRequest;
import io.bundlet.api.runtime.ProviderFailure;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileModuleStoreTest {
  @TempDir Path node;
  private Path source;
  private Path directory;
  private FileModuleStore store;

  @BeforeEach
  void start() throws Exception {
    source = Files.write(node.resolve("a.wasm"), bytes(1, 700_000));
    directory = node.resolve("store");
    store = new FileModuleStore(config(true, 1 << 20));
  }

  private static byte[] bytes(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private FileModuleStore.Config config(boolean files, long most) {
    return new FileModuleStore.Config() {
      @Override
      public String directory() {
        return directory.toString();
      }

      @Override
      public boolean file_images() {
        return files;
      }

      @Override
      public long max_module_bytes() {
        return most;
      }

      @Override
      public Class<? extends Annotation> annotationType() {
        return FileModuleStore.Config.class;
      }
    };
  }

  private ImageRef pull(Object path) throws ProviderFailure {
    return store.pull(new PullRequest("file:" + path, null));
  }

  private ProviderFailure failure(String kind, String reference) {
    ProviderFailure failure = assertThrows(ProviderFailure.class, () -> store.pull(new PullRequest(reference, null)));
    assertEquals(kind, failure.kind(), failure.getMessage());
    assertTrue(failure.getMessage().contains(reference), failure.getMessage());
    return failure;
  }

  private List<String> stored() throws Exception {
    try (var files = Files.list(directory.resolve("sha256"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void keepsACopyByHashThatTheSourceCannotChange() throws Exception {
    byte[] content = Files.readAllBytes(source);
    ImageRef ref = pull(source);
    assertTrue(ref.id().matches("sha256:[0-9a-f]{64}"), ref.id());
    assertEquals("file:" + source, ref.reference());
    Files.write(source, bytes(2, 10));
    assertArrayEquals(content, Files.readAllBytes(store.file(ref)));
    assertEquals(List.of(ref.id().substring(7) + ".wasm"), stored());
    assertEquals(List.of(new ImageInfo(new ImageRef(ref.id(), ref.id()), 700_000)), store.list());
  }

  @Test
  void saysWhereModulesAreAndTheyComeAgainWhenTheyWereRemoved() throws Exception {
    assertEquals(new ImageStorage(directory, 0, Set.of()), store.storage());
    ImageRef ref = pull(source);
    assertEquals(new ImageStorage(directory, 700_000, Set.of()), store.storage());
    store.remove(ref);
    assertEquals(0, store.storage().usedBytes());
    assertTrue(store.find("file:" + source).isEmpty());
    assertEquals(ref, pull(source));
    assertTrue(Files.exists(store.file(ref)));
  }

  @Test
  void findsWhatIsStoredAsLongAsTheSourceIsTheSame() throws Exception {
    assertTrue(store.find("file:" + source).isEmpty());
    ImageRef ref = pull(source);
    assertEquals(ref, store.find("file:" + source).orElseThrow().ref());
    // same size: only its content tells
    Files.write(source, bytes(3, 700_000));
    assertTrue(store.find("file:" + source).isEmpty());
    ImageRef changed = pull(source);
    assertNotEquals(ref.id(), changed.id());
    Files.write(source, bytes(1, 700_000));
    assertEquals(ref.id(), store.find("file:" + source).orElseThrow().ref().id());
  }

  @Test
  void findsAfterARestart() throws Exception {
    ImageRef ref = pull(source);
    store.stop();
    store = new FileModuleStore(config(true, 1 << 20));
    assertEquals(ref, store.find("file:" + source).orElseThrow().ref());
  }

  @Test
  void pullsAreIdempotentAlsoAtTheSameTime() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ImageRef>> pulls = new ArrayList<>();
      Callable<ImageRef> pull = () -> pull(source);
      for (int i = 0; i < 20; i++) {
        pulls.add(threads.submit(pull));
      }
      for (Future<ImageRef> done : pulls) {
        assertEquals(pulls.getFirst().get(), done.get());
      }
    }
    assertEquals(1, stored().size());
  }

  @Test
  void removes() throws Exception {
    ImageRef ref = pull(source);
    store.remove(ref);
    store.remove(ref);
    store.remove(new ImageRef("x", "sha256:../../../etc/passwd"));
    assertEquals(List.of(), stored());
    assertTrue(store.find("file:" + source).isEmpty());
    ProviderFailure gone = assertThrows(ProviderFailure.class, () -> store.file(ref));
    assertEquals(ProviderFailure.NOT_FOUND, gone.kind());
    assertEquals(ref, pull(source));
  }

  @Test
  void refusesFilesWhenTheyAreSwitchedOff() throws Exception {
    pull(source);
    store.modified(config(false, 1 << 20));
    assertTrue(store.find("file:" + source).isEmpty());
    ProviderFailure denied = failure(ProviderFailure.DENIED, "file:" + source);
    assertEquals("ErrImagePull", denied.reason());
    assertTrue(denied.getMessage().contains("file.images"), denied.getMessage());
  }

  @Test
  void boundsTheSize() throws Exception {
    store.modified(config(true, 699_999));
    failure(ProviderFailure.INVALID, "file:" + source);
    // a source whose size is not known beforehand
    failure(ProviderFailure.INVALID, "file:/dev/zero");
    store.modified(config(true, 700_000));
    pull(source);
  }

  @Test
  void opensNothingThatIsNoRegularFile() throws Exception {
    Path fifo = node.resolve("fifo");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
      failure(ProviderFailure.INVALID, "file:" + fifo);
      failure(ProviderFailure.INVALID, "file:" + node);
      failure(ProviderFailure.INVALID, "file:/dev/null");
      failure(ProviderFailure.NOT_FOUND, "file:" + node.resolve("none"));
    });
    Files.createSymbolicLink(node.resolve("link"), source);
    assertEquals(pull(source).id(), pull(node.resolve("link")).id());
  }

  @Test
  void refusesOtherReferences() {
    assertTrue(failure(ProviderFailure.INVALID, "docker.io/library/web:1").getMessage().contains("registries"));
    assertEquals("InvalidImageName", failure(ProviderFailure.INVALID, "file:relative.wasm").reason());
    failure(ProviderFailure.INVALID, "file:/zero\0");
  }

  @Test
  void removesWhatAnEarlierRunDidNotFinish() throws Exception {
    ImageRef ref = pull(source);
    store.stop();
    Files.writeString(directory.resolve("sha256/pull-123.tmp"), "half");
    store = new FileModuleStore(config(true, 1 << 20));
    store.stop();
    assertEquals(List.of(ref.id().substring(7) + ".wasm"), stored());
  }

  @Test
  void anInterruptEndsAPullAndLeavesNothing() throws Exception {
    Thread.currentThread().interrupt();
    ProviderFailure interrupted = assertThrows(ProviderFailure.class, () -> pull(source));
    assertTrue(Thread.interrupted());
    assertEquals(ProviderFailure.UNAVAILABLE, interrupted.kind());
    assertFalse(Files.exists(directory.resolve("sha256")) && !stored().isEmpty());
    pull(source);
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNamed() throws Exception {
    Files.writeString(directory, "in the way");
    ProviderFailure failure = failure(ProviderFailure.UNAVAILABLE, "file:" + source);
    assertTrue(failure.getMessage().contains(directory.toString()), failure.getMessage());
  }
}
