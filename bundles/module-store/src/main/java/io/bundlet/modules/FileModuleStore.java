package io.bundlet.modules;

import io.bundlet.api.image.ImageInfo;
import io.bundlet.api.image.ImageRef;
import io.bundlet.api.image.ImageStorage;
import io.bundlet.api.image.ModuleStore;
import io.bundlet.api.image.PullRequest;
import io.bundlet.api.runtime.ProviderFailure;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The module store for {@code file:} references. */
@Component(service = ModuleStore.class, immediate = true, configurationPid = "io.bundlet.module-store",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = FileModuleStore.Config.class)
public final class FileModuleStore implements ModuleStore {
  private static final Logger LOG = LoggerFactory.getLogger(FileModuleStore.class);

  /** Settings. */
  @ObjectClassDefinition(name = "Module store", description = "Where wasm modules are kept and may come from.")
  public @interface Config {
    /** Where modules are kept. */
    @AttributeDefinition(description = "Directory that the modules are kept in; made when it is not there.")
    String directory();

    /** Whether pods may name files of the node. */
    @AttributeDefinition(description = "Allow file: references, which let a pod run any readable module of the node.")
    boolean file_images() default false;

    /** The largest module. */
    @AttributeDefinition(description = "The largest module, in bytes.")
    long max_module_bytes() default 256L << 20;
  }

  /** What a source file was when its content was stored. */
  private record Seen(String id, Object fileKey, FileTime modified, Object changed, long size) {
    static Seen of(ModuleDirectory.Stored stored, Map<String, Object> attributes) {
      return new Seen(stored.id(), attributes.get("fileKey"), (FileTime) attributes.get("lastModifiedTime"),
          attributes.get("ctime"), stored.size());
    }

    boolean same(Map<String, Object> now) {
      return modified.equals(now.get("lastModifiedTime")) && changed.equals(now.get("ctime"))
          && size == (Long) now.get("size") && fileKey.equals(now.get("fileKey"));
    }
  }

  private final Map<Path, Seen> index = new ConcurrentHashMap<>();
  private final Thread cleaner;
  private volatile Config config;
  private volatile ModuleDirectory modules;

  /** Returns at once; what an earlier run left unfinished is removed by a thread of its own. */
  @Activate
  public FileModuleStore(Config config) {
    this.config = config;
    ModuleDirectory opened = new ModuleDirectory(Path.of(config.directory()));
    modules = opened;
    cleaner = Thread.ofVirtual().name("module-store").start(() -> clean(opened));
  }

  @Modified
  void modified(Config changed) {
    if (!changed.directory().equals(config.directory())) {
      modules = new ModuleDirectory(Path.of(changed.directory()));
      index.clear();
    }
    config = changed;
  }

  @Deactivate
  void stop() {
    try {
      cleaner.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void clean(ModuleDirectory directory) {
    try {
      int removed = directory.removeUnfinished();
      if (removed > 0) {
        LOG.info("Removed {} unfinished modules of an earlier run.", removed);
      }
    } catch (IOException e) {
      LOG.warn("Unfinished modules of an earlier run could not be removed: {}", e.toString());
    }
  }

  /** Waits for the first cleaning, which must not meet files that are being added. */
  private void cleaned() throws ProviderFailure {
    try {
      cleaner.join();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  @Override
  public Optional<ImageInfo> find(String reference) throws ProviderFailure {
    Path source = FileReference.path(reference);
    if (!config.file_images()) {
      return Optional.empty();
    }
    cleaned();
    try {
      return known(source).map(seen -> new ImageInfo(new ImageRef(reference, seen.id()), seen.size()));
    } catch (ClosedByInterruptException e) {
      throw interrupted(e);
    } catch (IOException e) {
      LOG.debug("{} cannot be looked at and counts as absent: {}", source, e.toString());
      return Optional.empty();
    }
  }

  /** What the source holds, if that is in the store. Hashes a source that changed only if a module has its size. */
  private Optional<Seen> known(Path source) throws IOException {
    ModuleDirectory directory = modules;
    Map<String, Object> now = attributes(source);
    Seen seen = index.get(source);
    if (seen == null || !seen.same(now)) {
      long size = (Long) now.get("size");
      if (!Boolean.TRUE.equals(now.get("isRegularFile")) || size > config.max_module_bytes()
          || directory.list().stream().noneMatch(image -> image.sizeBytes() == size)) {
        return Optional.empty();
      }
      try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ)) {
        seen = Seen.of(ModuleDirectory.hash(from, size), now);
      }
      if (!seen.same(attributes(source))) {
        return Optional.empty();
      }
    }
    if (directory.file(seen.id()).isEmpty()) {
      return Optional.empty();
    }
    index.put(source, seen);
    return Optional.of(seen);
  }

  @Override
  public ImageRef pull(PullRequest request) throws ProviderFailure {
    String reference = request.reference();
    Path source = FileReference.path(reference);
    Config now = config;
    if (!now.file_images()) {
      throw failure(ProviderFailure.DENIED, reference,
          "images of the node's file system are switched off; set file.images "
          + "of io.bundlet.module-store to true to allow them", null);
    }
    cleaned();
    try {
      return new ImageRef(reference, store(source, reference, now));
    } catch (ModuleDirectory.TooLarge e) {
      throw failure(ProviderFailure.INVALID, reference, "is larger than the " + now.max_module_bytes()
          + " bytes that max.module.bytes of io.bundlet.module-store allows", e);
    } catch (ClosedByInterruptException e) {
      throw interrupted(e);
    } catch (NoSuchFileException e) {
      throw failure(ProviderFailure.NOT_FOUND, reference, e.getFile() + ": no such file", e);
    } catch (AccessDeniedException e) {
      throw failure(ProviderFailure.DENIED, reference, e.getFile() + ": permission denied", e);
    } catch (FileSystemException e) {
      throw failure(full(e) ? ProviderFailure.EXHAUSTED : ProviderFailure.UNAVAILABLE, reference, e.getMessage(), e);
    } catch (IOException e) {
      throw failure(full(e) ? ProviderFailure.EXHAUSTED : ProviderFailure.UNAVAILABLE, reference, e.toString(), e);
    }
  }

  private String store(Path source, String reference, Config now) throws IOException, ProviderFailure {
    // looked at before it is opened: to open a FIFO would block, a device may do anything
    Map<String, Object> before = attributes(source);
    if (!Boolean.TRUE.equals(before.get("isRegularFile"))) {
      throw failure(ProviderFailure.INVALID, reference, source + " is no regular file", null);
    }
    if ((Long) before.get("size") > now.max_module_bytes()) {
      throw new ModuleDirectory.TooLarge(source.toString());
    }
    Optional<Seen> known = known(source);
    if (known.isPresent()) {
      return known.get().id();
    }
    ModuleDirectory.Stored stored;
    try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ)) {
      stored = modules.add(from, now.max_module_bytes());
    }
    Seen seen = Seen.of(stored, before);
    if (!seen.same(attributes(source))) {
      throw failure(ProviderFailure.UNAVAILABLE, reference, source + " changed while it was read; it is tried again; "
          + "rename a complete file into place instead of writing over it", null);
    }
    index.put(source, seen);
    return stored.id();
  }

  private static Map<String, Object> attributes(Path file) throws IOException {
    return Files.readAttributes(file, "unix:isRegularFile,fileKey,lastModifiedTime,ctime,size");
  }

  /** The JDK has no type for a full disk; only the system's own words tell. */
  private static boolean full(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("No space left") || message.contains("quota exceeded");
  }

  @Override
  public List<ImageInfo> list() throws ProviderFailure {
    try {
      return List.copyOf(modules.list());
    } catch (IOException e) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "the modules cannot be listed: " + e, e);
    }
  }

  /** Nobody but the node uses modules, so that none is held. */
  @Override
  public ImageStorage storage() throws ProviderFailure {
    long used = 0;
    for (ImageInfo image : list()) {
      used += image.sizeBytes();
    }
    return new ImageStorage(Path.of(config.directory()), used, Set.of());
  }

  @Override
  public void remove(ImageRef image) throws ProviderFailure {
    try {
      modules.remove(image.id());
    } catch (IOException e) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "module " + image.id() + " cannot be removed: " + e, e);
    }
    index.values().removeIf(seen -> seen.id().equals(image.id()));
  }

  @Override
  public Path file(ImageRef image) throws ProviderFailure {
    return modules.file(image.id()).orElseThrow(() -> ProviderFailure.of(ProviderFailure.NOT_FOUND,
        "module " + image.id() + " of image \"" + image.reference() + "\" is not in the store; pull it again"));
  }

  private static ProviderFailure failure(String kind, String reference, String why, Throwable cause) {
    return ProviderFailure.of(kind, "image \"" + reference + "\": " + why, cause).withReason("ErrImagePull");
  }

  private static ProviderFailure interrupted(Exception cause) {
    Thread.currentThread().interrupt();
    return ProviderFailure.of(ProviderFailure.UNAVAILABLE, "the pull was interrupted", cause);
  }
}
