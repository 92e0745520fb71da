package io.bundlet.core.volume;

import io.bundlet.api.objects.Objects;
import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.volume.Mounted;
import io.bundlet.api.volume.UsagePart;
import io.bundlet.api.volume.VolumeDriver;
import io.bundlet.api.volume.VolumeId;
import io.bundlet.api.volume.VolumePlace;
import io.bundlet.api.volume.VolumeRequest;
import io.bundlet.core.usage.VolumeUse;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Finds the driver for a kind of volume, for each call anew. */
public final class VolumeDrivers {
  /** A driver, its kind, and its name in paths. */
  private record Bound(String kind, String plugin, VolumeDriver driver) {}

  // The one that came last counts: when a driver is exchanged, the old one may leave after the new one has come.
  private final CopyOnWriteArrayList<Bound> drivers = new CopyOnWriteArrayList<>();
  private volatile Runnable changed = () -> {};

  /** Has this called whenever a driver comes or goes. */
  public void onChange(Runnable callback) {
    changed = callback;
  }

  /** A driver came. */
  public void bind(VolumeDriver driver, Map<String, Object> properties) {
    String kind = String.valueOf(properties.get(VolumeDriver.KIND));
    Object plugin = properties.get(VolumeDriver.PLUGIN);
    drivers.addFirst(new Bound(kind, plugin == null ? kind : plugin.toString(), driver));
    changed.run();
  }

  /** A driver leaves. */
  public void unbind(VolumeDriver driver) {
    drivers.removeIf(bound -> bound.driver() == driver);
    changed.run();
  }

  /** Mounts a volume; blocks. @throws ProviderFailure {@link ProviderFailure#UNAVAILABLE} without a driver */
  public Mounted mount(String kind, VolumeRequest request, Objects objects) throws ProviderFailure {
    return driver(kind, request.volume()).driver().mount(request, objects);
  }

  /** Gives a volume up; blocks. */
  public void unmount(String kind, VolumePlace place) throws ProviderFailure {
    driver(kind, place.volume()).driver().unmount(place);
  }

  /** What a volume takes, if its driver can tell; blocks for as long as it takes to look at every file. */
  public Optional<VolumeUse> use(String kind, VolumeRequest request) throws ProviderFailure {
    Optional<UsagePart> part = driver(kind, request.volume()).driver().part(UsagePart.class);
    if (part.isEmpty()) {
      return Optional.empty();
    }
    try {
      UsagePart.Usage usage = part.get().usage(request);
      return Optional.of(
          new VolumeUse(usage.bytes(), usage.inodes(), usage.limitBytes(), usage.onDisk(), false));
    } catch (ProviderFailure failure) {
      if (failure.kind().equals(ProviderFailure.EXHAUSTED)) {
        return Optional.of(new VolumeUse(0, 0, 0, true, true));
      }
      throw failure;
    }
  }

  /** The driver's name in paths. @throws ProviderFailure {@link ProviderFailure#UNAVAILABLE} without a driver */
  public String plugin(String kind, VolumeId volume) throws ProviderFailure {
    return driver(kind, volume).plugin();
  }

  /** Whether volumes of this kind are worth mounting again; not without a driver. */
  public boolean refreshes(String kind) {
    return find(kind).filter(bound -> bound.driver().abilities().refresh()).isPresent();
  }

  /** Whether there is a driver for this kind. */
  public boolean has(String kind) {
    return find(kind).isPresent();
  }

  private Optional<Bound> find(String kind) {
    return drivers.stream().filter(bound -> bound.kind().equals(kind)).findFirst();
  }

  private Bound driver(String kind, VolumeId volume) throws ProviderFailure {
    return find(kind)
        .orElseThrow(
            () -> ProviderFailure.of(ProviderFailure.UNAVAILABLE, noDriver(kind, volume.name())));
  }

  /** For people: why a volume can neither be mounted nor unmounted now. */
  public static String noDriver(String kind, String volume) {
    return "volume " + volume + ": no driver for volumes of kind " + kind + "; install its bundle";
  }
}
