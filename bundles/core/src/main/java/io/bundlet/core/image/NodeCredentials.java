package io.bundlet.core.image;

import io.bundlet.api.image.RegistryCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the node's own docker file says, which is looked at for each pull and read again when it is another one. While a
 * new one cannot be read, what the one before said holds; one that is gone says nothing. For all threads.
 */
public final class NodeCredentials {
  private static final Logger LOG = LoggerFactory.getLogger(NodeCredentials.class);

  /** By this it is seen that a file is another one. */
  private record Version(Path file, Map<String, Object> attributes) {}

  private final Supplier<Optional<Path>> file;
  private final Consumer<Optional<String>> trouble;
  private Optional<Version> read = Optional.empty();
  private Keyring keyring = new Keyring();
  private Optional<String> told = Optional.empty();

  /**
   * Not read yet.
   *
   * @param file which one; may change at any time
   * @param trouble hears what is wrong with it, for people, and, empty, when that is over
   */
  public NodeCredentials(Supplier<Optional<Path>> file, Consumer<Optional<String>> trouble) {
    this.file = file;
    this.trouble = trouble;
  }

  /** What it says now. Reads the file if need be. */
  public Keyring now() {
    Optional<String> wrong;
    boolean news;
    Keyring found;
    synchronized (this) {
      wrong = file.get().flatMap(this::look);
      if (file.get().isEmpty()) {
        keyring = new Keyring();
        read = Optional.empty();
      }
      news = !wrong.equals(told);
      told = wrong;
      found = keyring;
    }
    if (news) {
      wrong.ifPresent(text -> LOG.warn("{}", text));
      trouble.accept(wrong);
    }
    return found;
  }

  /** Under the lock. @return what is wrong */
  private Optional<String> look(Path from) {
    if (read.isPresent() && !read.get().file().equals(from)) {
      keyring = new Keyring();
      read = Optional.empty();
    }
    try {
      Version version = new Version(from, Files.readAttributes(from, "unix:fileKey,lastModifiedTime,ctime,size"));
      if (!read.equals(Optional.of(version))) {
        keyring = new Keyring().add(registries(from));
        read = Optional.of(version);
      }
      return Optional.empty();
    } catch (NoSuchFileException none) {
      keyring = new Keyring();
      read = Optional.empty();
      return Optional.of("image.credentials.file: there is no file " + from + "; put it there, or name another one");
    } catch (IOException unread) {
      return Optional.of("image.credentials.file: " + unread + "; let the node read it, or name another one");
    } catch (DockerConfig.Unreadable wrong) {
      return Optional.of("image.credentials.file: " + from + " " + wrong.getMessage() + "; mend it");
    }
  }

  private static Map<String, RegistryCredentials> registries(Path from) throws IOException, DockerConfig.Unreadable {
    if (!Files.isRegularFile(from)) {
      throw new DockerConfig.Unreadable("is no regular file");
    }
    byte[] content;
    try (InputStream in = Files.newInputStream(from)) {
      content = in.readNBytes(DockerConfig.MOST_BYTES + 1);
    }
    return DockerConfig.ofConfigJson(content);
  }
}
