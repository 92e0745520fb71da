package io.bundlet.wasi.http;

import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.GuestContext;
import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.HostModule;
import java.time.Duration;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The host module {@code wasi_experimental_http}. */
@Component(
    service = HostModule.class,
    property = HostModule.MODULE + "=" + HttpModule.NAME,
    configurationPid = "io.bundlet.wasi.experimental-http")
@Designate(ocd = HttpModule.Config.class)
public final class HttpModule implements HostModule {
  static final String NAME = "wasi_experimental_http";
  static final Logger LOG = LoggerFactory.getLogger(HttpModule.class);

  /** How many requests of all guests are under way at a time, and with them how many bodies are half read. */
  private static final int REQUESTS = 16;
  private static final int REQUESTS_OF_ONE_POD = 4;

  /** What can be set. */
  @ObjectClassDefinition(name = "Bundlet WASI experimental HTTP")
  public @interface Config {
    @AttributeDefinition(description = "seconds for a request of a guest, its redirects and the whole answer included")
    int time_limit_seconds() default 30;

    @AttributeDefinition(description = "bytes of a response's body at most, and of a request's")
    int body_bytes() default 16 << 20;

    @AttributeDefinition(description = "bytes of all open responses of a guest at most, their headers included")
    long open_bytes() default 32L << 20;

    @AttributeDefinition(
        description = "bytes that all guests together hold at most: open responses, bodies of requests under way and of"
            + " their answers")
    long all_open_bytes() default 128L << 20;

    @AttributeDefinition(description = "how many responses a guest may have open, whatever its pod's annotation says")
    int open_responses() default 64;
  }

  private final Client client = new Client(new Places(REQUESTS, REQUESTS_OF_ONE_POD));
  private final HeldBytes held = new HeldBytes(() -> limits().allBytes());
  private final Functions functions = new Functions(client, held, this::limits);
  private volatile Limits limits;

  @Activate
  public HttpModule(Config config) {
    limits = limits(config);
  }

  @Modified
  void modified(Config changed) {
    limits = limits(changed);
  }

  @Deactivate
  void stop() {
    client.close();
  }

  private Limits limits() {
    return limits;
  }

  private static Limits limits(Config config) {
    return new Limits(
        Duration.ofSeconds(config.time_limit_seconds()), config.body_bytes(), config.open_bytes(),
        config.all_open_bytes(), config.open_responses());
  }

  @Override
  public Map<String, FunctionType> functions() {
    return Functions.TYPES;
  }

  @Override
  public void call(String function, GuestContext guest, GuestMemory memory, long[] args, long[] results)
      throws GuestTrap {
    results[0] = functions.call(function, guest, memory, args).number();
  }
}
