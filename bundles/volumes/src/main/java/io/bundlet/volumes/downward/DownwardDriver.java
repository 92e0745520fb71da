package io.bundlet.volumes.downward;

import io.bundlet.api.volume.VolumeDriver;
import io.bundlet.volumes.content.DownwardContent;
import io.bundlet.volumes.written.WrittenVolume;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The driver of volumes with a {@code downwardAPI} source. */
@Component(
    service = VolumeDriver.class,
    property = {VolumeDriver.KIND + "=downwardAPI", VolumeDriver.PLUGIN + "=kubernetes.io/downward-api"})
public final class DownwardDriver extends WrittenVolume {
  @Activate
  public DownwardDriver() {
    super("downwardAPI", new DownwardContent(), true);
  }
}
