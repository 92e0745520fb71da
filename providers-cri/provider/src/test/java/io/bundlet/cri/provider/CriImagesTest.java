package io.bundlet.cri.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.image.ImageStorage;
import io.bundlet.api.image.ImageStoragePart;
import io.bundlet.api.image.PullRequest;
import io.bundlet.api.image.RegistryCredentials;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.RuntimeStatus;
import io.bundlet.cri.protocol.AuthConfig;
import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.FilesystemIdentifier;
import io.bundlet.cri.protocol.FilesystemUsage;
import io.bundlet.cri.protocol.Image;
import io.bundlet.cri.protocol.ImageFsInfoRequest;
import io.bundlet.cri.protocol.ImageFsInfoResponse;
import io.bundlet.cri.protocol.ImageSpec;
import io.bundlet.cri.protocol.ImageStatusRequest;
import io.bundlet.cri.protocol.ImageStatusResponse;
import io.bundlet.cri.protocol.ListContainersRequest;
import io.bundlet.cri.protocol.ListContainersResponse;
import io.bundlet.cri.protocol.ListImagesRequest;
import io.bundlet.cri.protocol.ListImagesResponse;
import io.bundlet.cri.protocol.PullImageRequest;
import io.bundlet.cri.protocol.PullImageResponse;
import io.bundlet.cri.protocol.StatusRequest;
import io.bundlet.cri.protocol.UInt64Value;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class CriImagesTest {
  @TempDir Path directory;
  private final Messages messages = new Messages();
  private FakeRuntime runtime;
  private CriProvider provider;

  @BeforeEach
  void start() throws Exception {
    runtime = new FakeRuntime(directory.resolve("s")).start();
    provider = new CriProvider(Pods.config(runtime.endpoint()));
    provider.subscribe(messages);
    if (!provider.status().ready()) {
      messages.next(RuntimeStatus.class, RuntimeStatus::ready);
    }
  }

  @AfterEach
  void stop() {
    provider.deactivate();
    runtime.close();
  }

  private ImageStorage storage() throws ProviderFailure {
    return provider.part(ImageStoragePart.class).orElseThrow().storage();
  }

  private static ImageFsInfoResponse.Builder at(String mountpoint) {
    return ImageFsInfoResponse.newBuilder().addImageFilesystems(FilesystemUsage.newBuilder()
        .setFsId(FilesystemIdentifier.newBuilder().setMountpoint(mountpoint))
        .setUsedBytes(UInt64Value.newBuilder().setValue(7)));
  }

  @Test
  void credentialsGoWithThePullAndNowhereElse() throws Exception {
    runtime.answers.put(PullImageRequest.class, PullImageResponse.newBuilder().setImageRef("sha256:1").build());
    provider.images().pull(new PullRequest("b:1", Pods.sandbox(directory).build()));
    assertFalse(runtime.request(PullImageRequest.class).hasAuth());
    assertTrue(runtime.request(PullImageRequest.class).hasSandboxConfig());
    PullRequest request = new PullRequest(
        "b:1", Pods.sandbox(directory).build(), Optional.of(new RegistryCredentials("hans", "geheim")));
    provider.images().pull(request);
    assertEquals(AuthConfig.newBuilder().setUsername("hans").setPassword("geheim").build(),
        runtime.request(PullImageRequest.class).getAuth());
    assertFalse(request.toString().contains("geheim"), request::toString);
    runtime.answers.put(PullImageRequest.class, Status.UNKNOWN.withDescription("401 Unauthorized"));
    ProviderFailure failure = assertThrows(ProviderFailure.class, () -> provider.images().pull(request));
    assertFalse(failure.toString().contains("geheim"), failure::toString);
  }

  @ParameterizedTest
  @CsvSource({"RegistryUnavailable: out of reach, RegistryUnavailable",
      "SignatureValidationFailed: not signed, SignatureValidationFailed", "connection refused, ''",
      "no RegistryUnavailable here, ''"})
  void theRuntimesOwnWordIsThePods(String says, String word) {
    runtime.answers.put(PullImageRequest.class, Status.UNKNOWN.withDescription(says));
    ProviderFailure failure = assertThrows(ProviderFailure.class,
        () -> provider.images().pull(new PullRequest("b:1", Pods.sandbox(directory).build())));
    assertEquals(word, failure.reason());
    assertEquals(ProviderFailure.UNAVAILABLE, failure.kind());
  }

  @Test
  void theDigestIsTold() throws Exception {
    runtime.answers.put(ImageStatusRequest.class, ImageStatusResponse.newBuilder().setImage(Image.newBuilder()
        .setId("sha256:1").addRepoDigests("r.example/b@sha256:2").addRepoDigests("s.example/b@sha256:2")).build());
    assertEquals("r.example/b@sha256:2", provider.images().find("b:1").orElseThrow().digest());
    runtime.answers.put(ImageStatusRequest.class,
        ImageStatusResponse.newBuilder().setImage(Image.newBuilder().setId("sha256:1")).build());
    assertEquals("", provider.images().find("b:1").orElseThrow().digest());
  }

  @Test
  void whatSomethingWasMadeOfAndWhatTheRuntimeNeedsIsHeld() throws Exception {
    runtime.answers.put(ImageFsInfoRequest.class, at("/var/lib/images").build());
    runtime.answers.put(StatusRequest.class, FakeRuntime.status(true, true)
        .putInfo("config", "{\"sandboxImage\":\"r.example/pause:3\"}").build());
    runtime.answers.put(ListImagesRequest.class, ListImagesResponse.newBuilder()
        .addImages(Image.newBuilder().setId("unused").addRepoTags("r.example/unused:1"))
        .addImages(Image.newBuilder().setId("pinned").setPinned(true))
        .addImages(Image.newBuilder().setId("pause").addRepoTags("r.example/pause:3"))
        .addImages(Image.newBuilder().setId("by-id"))
        .addImages(Image.newBuilder().setId("by-tag").addRepoTags("x:1").addRepoTags("r.example/tag:1"))
        .addImages(Image.newBuilder().setId("by-digest").addRepoDigests("r.example/d@sha256:1")).build());
    // one of them belongs to another node
    runtime.answers.put(ListContainersRequest.class, ListContainersResponse.newBuilder()
        .addContainers(Container.newBuilder().setId("c1").setImageRef("by-id").putAllLabels(Pods.LABELS))
        .addContainers(Container.newBuilder().setId("c2").setImage(ImageSpec.newBuilder().setImage("r.example/tag:1")))
        .addContainers(Container.newBuilder().setId("c3").setImageRef("r.example/d@sha256:1")).build());
    assertEquals(
        new ImageStorage(
            Path.of("/var/lib/images"), 7, Set.of("pinned", "pause", "by-id", "by-tag", "by-digest")), storage());
    assertEquals(0, runtime.request(ListContainersRequest.class).getFilter().getLabelSelectorCount());
  }

  @Test
  void aListThatLeavesOutWhatIsThereCountsForNothing() throws Exception {
    runtime.answers.put(ImageFsInfoRequest.class, at("/var/lib/images").build());
    runtime.answers.put(StatusRequest.class, FakeRuntime.status(true, true)
        .putInfo("config", "{\"sandboxImage\":\"r.example/pause:3\"}").build());
    runtime.answers.put(ListImagesRequest.class, ListImagesResponse.getDefaultInstance());
    runtime.answers.put(ListContainersRequest.class, ListContainersResponse.getDefaultInstance());
    runtime.answers.put(ImageStatusRequest.class,
        ImageStatusResponse.newBuilder().setImage(Image.newBuilder().setId("pause")).build());
    ProviderFailure failure = assertThrows(ProviderFailure.class, this::storage);
    assertTrue(failure.getMessage().contains("left out r.example/pause:3"), failure::getMessage);
    // nobody has needed it yet
    runtime.answers.put(ImageStatusRequest.class, ImageStatusResponse.getDefaultInstance());
    assertEquals(Set.of(), storage().held());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "relative", "a\0b"})
  void aRuntimeThatDoesNotSayWhereKeepsItsImages(String mountpoint) {
    runtime.answers.put(ImageFsInfoRequest.class, at(mountpoint).build());
    assertEquals(ProviderFailure.UNSUPPORTED, assertThrows(ProviderFailure.class, this::storage).kind());
  }

  @Test
  void aRuntimeWithoutTheCallKeepsItsImages() {
    assertEquals(ProviderFailure.UNSUPPORTED, assertThrows(ProviderFailure.class, this::storage).kind());
  }

  @Test
  void whatIsNotKnownKeepsThemAll() {
    runtime.answers.put(ImageFsInfoRequest.class, at("/var/lib/images").build());
    runtime.answers.put(ListImagesRequest.class, ListImagesResponse.getDefaultInstance());
    runtime.answers.put(ListContainersRequest.class, Status.UNAVAILABLE);
    assertThrows(ProviderFailure.class, this::storage);
  }
}
