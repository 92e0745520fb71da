package io.bundlet.wascc.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.wasm.GuestProtocol;
import io.bundlet.wasmprovider.FakeHost;
import io.bundlet.wasmprovider.Heard;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.osgi.framework.ServiceReference;

class WasccProviderTest {
  private record Settings(String engine, long memory_limit) implements WasccProvider.Config {
    @Override
    public Class<? extends Annotation> annotationType() {
      return WasccProvider.Config.class;
    }
  }

  private final FakeHost host = new FakeHost();
  private final WasccProvider provider = new WasccProvider(new Settings("endive", 1 << 20));
  private final Heard heard = new Heard();
  private final ServiceReference<GuestProtocol> wapc = reference();

  @SuppressWarnings("unchecked")
  private static ServiceReference<GuestProtocol> reference() {
    return (ServiceReference<GuestProtocol>) Proxy.newProxyInstance(
        WasccProviderTest.class.getClassLoader(),
        new Class<?>[] {ServiceReference.class},
        (self, method, args) -> method.getName().equals("equals") ? self == args[0] : 0);
  }

  @Test
  void isReadyWhenHostEngineAndProtocolAreThere() {
    provider.subscribe(heard);
    assertEquals("WasmHostMissing", provider.status().reason());
    provider.bindHost(host);
    assertEquals("ProtocolMissing", provider.status().reason());
    provider.bindProtocol(wapc);
    assertTrue(provider.status().ready());
    assertTrue(heard.statuses.getLast().ready(), "and says so");

    host.engines.clear();
    host.listeners.forEach(listener -> listener.gap());

    assertEquals("EngineMissing", heard.statuses.getLast().reason());
  }

  @Test
  void aProtocolThatIsExchangedIsTold() {
    provider.bindHost(host);
    provider.bindProtocol(wapc);
    provider.subscribe(heard);
    ServiceReference<GuestProtocol> next = reference();

    provider.bindProtocol(next);
    provider.unbindProtocol(wapc);
    assertTrue(provider.status().ready(), "the new one is here");
    provider.unbindProtocol(next);

    assertEquals("ProtocolMissing", heard.statuses.getLast().reason());
  }
}
