package io.bundlet.volumes.secret;

import io.bundlet.api.volume.VolumeDriver;
import io.bundlet.volumes.content.SecretContent;
import io.bundlet.volumes.written.WrittenVolume;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The driver of volumes with a {@code secret} source. */
@Component(
    service = VolumeDriver.class,
    property = {VolumeDriver.KIND + "=secret", VolumeDriver.PLUGIN + "=kubernetes.io/secret"})
public final class SecretDriver extends WrittenVolume {
  @Activate
  public SecretDriver() {
    super("secret", new SecretContent("secretName"), true);
  }
}
