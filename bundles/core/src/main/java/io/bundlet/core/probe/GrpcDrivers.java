package io.bundlet.core.probe;

import io.bundlet.api.probe.GrpcHealth;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Those who can ask gRPC servers, as they come and go; the one that came first is asked. */
public final class GrpcDrivers {
  private final CopyOnWriteArrayList<GrpcHealth> drivers = new CopyOnWriteArrayList<>();

  /** One came. */
  public void bind(GrpcHealth driver) {
    drivers.add(driver);
  }

  /** One leaves; it ends the checks inside it by itself. */
  public void unbind(GrpcHealth driver) {
    drivers.remove(driver);
  }

  /** Who is to be asked now. */
  public Optional<GrpcHealth> now() {
    return drivers.stream().findFirst();
  }
}
