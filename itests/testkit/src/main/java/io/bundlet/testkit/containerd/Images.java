package io.bundlet.testkit.containerd;

import static io.bundlet.testkit.containerd.OciImage.utf8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes container images from the machine's static busybox, in the OCI layout that {@code ctr images import} reads. */
final class Images {
  /** What a container of them runs where nobody says otherwise. */
  static final String SHELL = "[\"/bin/sh\"]";

  private final Tar archive = new Tar();
  private final StringBuilder manifests = new StringBuilder();
  private final byte[] layer;

  private Images(byte[] layer) {
    this.layer = layer;
  }

  /** Writes an archive with the images of busybox and the one that holds a pod's namespaces open. */
  static void write(Path to, String pause) throws IOException {
    Images images = new Images(busyboxLayer());
    images.archive.file("oci-layout", 0644, utf8("{\"imageLayoutVersion\":\"1.0.0\"}"));
    images.blob(images.layer);
    images.add(Containerd.BUSYBOX_IMAGE, SHELL, "");
    images.add(Containerd.NAMED_USER_IMAGE, SHELL, ",\"User\":\"www\"");
    images.add(Containerd.UNKNOWN_USER_IMAGE, SHELL, ",\"User\":\"nobody-here\"");
    // a sandbox is ended by force, so that this needs to know no signals
    images.add(pause, "[\"/bin/sleep\",\"2147483647\"]", "");
    images.archive.file("index.json", 0644,
        utf8("{\"schemaVersion\":2,\"manifests\":[" + images.manifests + "]}"));
    Files.write(to, images.archive.bytes());
  }

  /** Writes an archive with one image of busybox, which has an id of its own. */
  static void writeOne(Path to, String reference) throws IOException {
    Images images = new Images(busyboxLayer());
    images.archive.file("oci-layout", 0644, utf8("{\"imageLayoutVersion\":\"1.0.0\"}"));
    images.blob(images.layer);
    images.add(reference, SHELL, "");
    images.archive.file("index.json", 0644, utf8("{\"schemaVersion\":2,\"manifests\":[" + images.manifests + "]}"));
    Files.write(to, images.archive.bytes());
  }

  private void add(String reference, String command, String user) {
    OciImage image = OciImage.of(layer, reference, command, user);
    blob(image.config());
    blob(image.manifest());
    manifests.append(manifests.isEmpty() ? "" : ",").append(OciImage.descriptor(
        OciImage.MANIFEST, image.manifest(), ",\"annotations\":{\"io.containerd.image.name\":\"" + reference + "\"}"));
  }

  private void blob(byte[] content) {
    archive.file("blobs/sha256/" + OciImage.digest(content).substring("sha256:".length()), 0644, content);
  }

  /** A file system with a shell and the usual commands. */
  static byte[] busyboxLayer() throws IOException {
    Tar layer = new Tar();
    for (String directory : List.of("bin", "dev", "etc", "proc", "sys", "tmp", "var")) {
      layer.directory(directory, directory.equals("tmp") ? 01777 : 0755);
    }
    layer.file("etc/passwd", 0644, utf8("root:x:0:0:root:/:/bin/sh\nwww:x:33:33:www:/:/bin/sh\n"));
    layer.file("etc/group", 0644, utf8("root:x:0:\nwww:x:33:\n"));
    layer.file("bin/busybox", 0755, Files.readAllBytes(Containerd.BUSYBOX));
    Command.succeed(List.of(Containerd.BUSYBOX.toString(), "--list")).lines()
        .filter(applet -> !applet.equals("busybox"))
        .forEach(applet -> layer.link("bin/" + applet, "busybox"));
    return layer.bytes();
  }
}
