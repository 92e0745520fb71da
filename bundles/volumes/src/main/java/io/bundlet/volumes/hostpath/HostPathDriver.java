package io.bundlet.volumes.hostpath;

import io.bundlet.api.objects.Objects;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.Mounted;
import io.bundlet.api.volume.VolumeDriver;
import io.bundlet.api.volume.VolumePlace;
import io.bundlet.api.volume.VolumeRequest;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import org.osgi.service.component.annotations.Component;

/** The driver of volumes with a {@code hostPath} source. */
@Component(property = {VolumeDriver.KIND + "=hostPath", VolumeDriver.PLUGIN + "=kubernetes.io/host-path"})
public final class HostPathDriver implements VolumeDriver {
  private static final Set<PosixFilePermission> DIRECTORY_MODE = PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-r--r--");

  @Override
  public Mounted mount(VolumeRequest request, Objects objects) throws ProviderFailure {
    String volume = request.volume().name();
    Path path = path(text(request, "path"), volume);
    String type = text(request, "type");
    try {
      prepare(path, type, volume);
    } catch (AccessDeniedException e) {
      throw ProviderFailure.of(ProviderFailure.DENIED,
          "volume \"" + volume + "\": " + path + ": permission denied; give the node access to it", e);
    } catch (NoSuchFileException e) {
      throw failed(volume, path, "the directory above it is not there; make it first");
    } catch (IOException e) {
      throw ProviderFailure.of(ProviderFailure.UNAVAILABLE, "volume \"" + volume + "\": " + path + ": " + e, e);
    }
    return new Mounted(request.volume(), path);
  }

  @Override
  public void unmount(VolumePlace place) {
    // the content is the node's own and stays
  }

  private static void prepare(Path path, String type, String volume) throws IOException, ProviderFailure {
    switch (type) {
      case "" -> {
        if (!Files.exists(path)) {
          throw failed(volume, path, "no such file or directory; make it, or set hostPath.type to DirectoryOrCreate");
        }
      }
      case "DirectoryOrCreate" -> {
        makeDirectory(path);
        check(path, "Directory", volume);
      }
      case "FileOrCreate" -> {
        makeFile(path);
        check(path, "File", volume);
      }
      case "Directory", "File", "Socket", "CharDevice", "BlockDevice" -> check(path, type, volume);
      default -> throw ProviderFailure.of(ProviderFailure.INVALID, "volume \"" + volume + "\": hostPath.type: \"" + type
          + "\" is not supported; use DirectoryOrCreate, Directory, FileOrCreate, File, Socket, CharDevice, "
          + "BlockDevice "
          + "or nothing");
    }
  }

  private static void makeDirectory(Path path) throws IOException {
    if (Files.exists(path)) {
      return;
    }
    Files.createDirectories(path, PosixFilePermissions.asFileAttribute(DIRECTORY_MODE));
    Files.setPosixFilePermissions(path, DIRECTORY_MODE);
  }

  private static void makeFile(Path path) throws IOException {
    if (Files.exists(path)) {
      return;
    }
    try {
      Files.createFile(path, PosixFilePermissions.asFileAttribute(FILE_MODE));
      Files.setPosixFilePermissions(path, FILE_MODE);
    } catch (FileAlreadyExistsException e) {
      if (!Files.exists(path)) {
        throw e;
      }
    }
  }

  private static void check(Path path, String type, String volume) throws IOException, ProviderFailure {
    int format;
    try {
      format = (Integer) Files.getAttribute(path, "unix:mode") & 0170000;
    } catch (NoSuchFileException e) {
      throw failed(volume, path, "hostPath type check failed: there is nothing, but the type is " + type);
    }
    String is = switch (format) {
      case 0040000 -> "Directory";
      case 0100000 -> "File";
      case 0140000 -> "Socket";
      case 0020000 -> "CharDevice";
      case 0060000 -> "BlockDevice";
      default -> "of another kind";
    };
    if (!is.equals(type)) {
      throw failed(volume, path, "hostPath type check failed: is " + is + ", but the type is " + type);
    }
  }

  /** Not INVALID: what is missing on the node now may be there at the next try, as with a kubelet. */
  private static ProviderFailure failed(String volume, Path path, String why) {
    return ProviderFailure.of(ProviderFailure.NOT_FOUND, "volume \"" + volume + "\": " + path + ": " + why)
        .withReason("FailedMount");
  }

  private static String text(VolumeRequest request, String field) throws ProviderFailure {
    Object value = request.source().get(field);
    if (value == null) {
      return "";
    } else if (value instanceof String text) {
      return text;
    }
    throw ProviderFailure.of(ProviderFailure.INVALID, "volume \"" + request.volume().name() + "\": hostPath." + field
        + " must be text");
  }

  private static Path path(String text, String volume) throws ProviderFailure {
    try {
      Path path = Path.of(text);
      if (path.isAbsolute() && !Arrays.asList(text.split("/")).contains("..")) {
        return path.normalize();
      }
    } catch (InvalidPathException e) {
      throw ProviderFailure.of(ProviderFailure.INVALID, "volume \"" + volume + "\": hostPath.path: " + e.getMessage(),
          e);
    }
    throw ProviderFailure.of(ProviderFailure.INVALID, "volume \"" + volume + "\": hostPath.path: \"" + text
        + "\" must be an absolute path without \"..\"");
  }
}
