package io.bundlet.wasmengine.endive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.api.runtime.ContainerNote;
import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.CompiledModule;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.api.wasm.WasmInstance;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A function that is too big for the JVM is interpreted: right, slow, and still to be killed. */
@Timeout(120)
class BigFunctionTest {
  @TempDir Path directory;

  @Test
  void isInterpreted() throws Exception {
    int additions = 30_000;
    WasmInstance guest = guest(additions, false);

    assertEquals(additions, Guests.call(guest, "f"));
  }

  @Test
  void isNotedWithWhatToDo() throws Exception {
    List<ContainerNote> notes = compiled(30_000, false).notes();

    assertEquals(List.of("GuestInterpreted"), notes.stream().map(ContainerNote::reason).toList());
    String message = notes.getFirst().message();
    assertTrue(message.contains("bundlet.io/wasm-engine: wasmtime") && message.length() <= 1024, message);
    assertEquals(List.of(), compiled(10, false).notes());
  }

  @Test
  void canBeKilled() throws Exception {
    WasmInstance guest = guest(30_000, true);
    CountDownLatch begun = new CountDownLatch(1);
    FutureTask<GuestTrap> run = new FutureTask<>(() -> {
      begun.countDown();
      return assertThrows(GuestTrap.class, () -> Guests.call(guest, "f"));
    });
    new Thread(run, "guest").start();
    begun.await();

    guest.kill("test");

    assertEquals(GuestTrap.KILLED, run.get(60, TimeUnit.SECONDS).kind());
  }

  private WasmInstance guest(int additions, boolean forEver) throws Exception {
    return compiled(additions, forEver).instantiate(Guests.spec(), Guests.imports(Map.of()));
  }

  private CompiledModule compiled(int additions, boolean forEver) throws Exception {
    return Guests.compile(directory, module(additions, forEver), new CompileLimits(10 << 20, 1 << 20, 0));
  }

  /** A module whose function f adds ones, before it, if wanted, loops for ever. */
  private static byte[] module(int additions, boolean forEver) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {1, 1, 0x7f}); // a local i32
    if (forEver) {
      body.writeBytes(new byte[] {0x03, 0x40, 0x0c, 0, 0x0b}); // loop br 0 end
    }
    for (int i = 0; i < additions; i++) {
      body.writeBytes(new byte[] {0x20, 0, 0x41, 1, 0x6a, 0x21, 0}); // local.get 0, i32.const 1, i32.add, local.set 0
    }
    body.writeBytes(new byte[] {0x20, 0, 0x0b});
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    code.write(1);
    code.writeBytes(number(body.size()));
    code.writeBytes(body.toByteArray());
    ByteArrayOutputStream module = new ByteArrayOutputStream();
    module.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    module.writeBytes(new byte[] {1, 5, 1, 0x60, 0, 1, 0x7f}); // a type: () -> i32
    module.writeBytes(new byte[] {3, 2, 1, 0});
    module.writeBytes(new byte[] {7, 5, 1, 1});
    module.writeBytes("f".getBytes(StandardCharsets.UTF_8));
    module.writeBytes(new byte[] {0, 0});
    module.write(10);
    module.writeBytes(number(code.size()));
    module.writeBytes(code.toByteArray());
    return module.toByteArray();
  }

  private static byte[] number(int value) {
    return new byte[] {(byte) (value & 0x7f | 0x80), (byte) (value >> 7 & 0x7f | 0x80), (byte) (value >> 14)};
  }
}
