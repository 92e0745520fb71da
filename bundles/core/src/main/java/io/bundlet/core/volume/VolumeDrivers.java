package io.bundlet.core.volume;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.Mounted;
import io.bundlet.api.volume.VolumeDriver;
import io.bundlet.api.volume.VolumeId;
import io.bundlet.api.volume.VolumeRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the driver for a kind of volume, for each call anew. */
public final class VolumeDrivers {
  private final Map<String, VolumeDriver> drivers = new ConcurrentHashMap<>();
  private volatile Runnable changed = () -> {};

  /** Has this called whenever a driver comes. */
  public void onChange(Runnable callback) {
    changed = callback;
  }

  /** A driver came. */
  public void bind(VolumeDriver driver, Map<String, Object> properties) {
    drivers.put(String.valueOf(properties.get(VolumeDriver.KIND)), driver);
    changed.run();
  }

  /** A driver leaves. */
  public void unbind(VolumeDriver driver) {
    drivers.values().remove(driver);
  }

  /** Mounts a volume; blocks. @throws ProviderFailure {@link ProviderFailure#UNAVAILABLE} without a driver */
  public Mounted mount(String kind, VolumeRequest request) throws ProviderFailure {
    return driver(kind, request.volume()).mount(request);
  }

  /** Gives a volume up; blocks. */
  public void unmount(String kind, VolumeId volume) throws ProviderFailure {
    driver(kind, volume).unmount(volume);
  }

  /** Whether there is a driver for this kind. */
  public boolean has(String kind) {
    return drivers.containsKey(kind);
  }

  private VolumeDriver driver(String kind, VolumeId volume) throws ProviderFailure {
    VolumeDriver driver = drivers.get(kind);
    if (driver == null) {
      throw ProviderFailure.of(
          ProviderFailure.UNAVAILABLE,
          "volume " + volume.name() + ": no driver for volumes of kind " + kind + "; install its bundle");
    }
    return driver;
  }
}
