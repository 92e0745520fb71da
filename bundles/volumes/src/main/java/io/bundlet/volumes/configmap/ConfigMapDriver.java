package io.bundlet.volumes.configmap;

import io.bundlet.api.volume.VolumeDriver;
import io.bundlet.volumes.content.ConfigMapContent;
import io.bundlet.volumes.written.WrittenVolume;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The driver of volumes with a {@code configMap} source. */
@Component(
    service = VolumeDriver.class,
    property = {VolumeDriver.KIND + "=configMap", VolumeDriver.PLUGIN + "=kubernetes.io/configmap"})
public final class ConfigMapDriver extends WrittenVolume {
  @Activate
  public ConfigMapDriver() {
    super("configMap", new ConfigMapContent(), false);
  }
}
