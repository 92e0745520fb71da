package io.bundlet.wasi.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.wasm.CompileLimits;
import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.InstanceSpec;
import io.bundlet.api.wasm.WasmInstance;
import io.bundlet.wasmengine.endive.EndiveEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The functions as a module on a real engine imports and calls them. */
@Timeout(300)
class RealGuestTest {
  private static final Path MODULE = Path.of("src/test/resources/wasm/through.wasm");
  private static final int STATUS = 1000;
  private static final int NUMBER = 1004;
  private static final int OUT = 2000;

  private final String nonce = UUID.randomUUID().toString();

  @Test
  void itsCallsReachTheNetworkAndItsMemory() throws Exception {
    HttpModule module = new HttpModule(Settings.USUAL);
    FakeGuest context = new FakeGuest(module).allowing("[\"http://127.0.0.1\"]");
    try (Server server = new Server();
        WasmInstance guest =
            new EndiveEngine()
                .compile(MODULE, "sha256:" + "0".repeat(64), new CompileLimits(1 << 20, 1 << 20, 10))
                .instantiate(
                    new InstanceSpec("test", Optional.empty()),
                    wanted -> wanted.type().equals(module.functions().get(wanted.name()))
                        ? Optional.of((memory, args, results) ->
                            module.call(wanted.name(), context, memory, args, results))
                        : Optional.empty())) {
      server.text("/" + nonce, 207, "answer " + nonce);
      byte[] texts = (server.url("/" + nonce) + "PUTx-mine:" + nonce + nonce).getBytes(StandardCharsets.UTF_8);
      guest.memory().write(0, texts, 0, texts.length);
      int url = server.url("/" + nonce).length();
      int header = "x-mine:".length() + nonce.length();

      assertEquals(0, call(guest, "req", 0, url, url, 3, url + 3, header, url + 3 + header, nonce.length(), STATUS,
          NUMBER));
      Server.Seen seen = server.seen.getFirst();
      assertEquals("PUT", seen.method());
      assertEquals("/" + nonce, seen.path());
      assertEquals(List.of(nonce), seen.headers().get("X-mine"));
      assertEquals(nonce, seen.body());
      byte[] status = new byte[2];
      guest.memory().read(STATUS, status, 0, 2);
      assertEquals(207, status[0] & 0xff | status[1] << 8);
      assertEquals(0, call(guest, "body_read", 0, OUT, 100, NUMBER));
      assertEquals("answer " + nonce, out(guest.memory()));
      assertEquals(0, call(guest, "headers_get_all", 0, OUT, 10_000, NUMBER));
      guest.memory().write(0, "content-length".getBytes(StandardCharsets.UTF_8), 0, 14);
      assertEquals(0, call(guest, "header_get", 0, 0, 14, OUT, 100, NUMBER));
      assertEquals("43", out(guest.memory()));
      assertEquals(Code.BUFFER_TOO_SMALL.number(), call(guest, "req", -1, 10, 0, 0, 0, 0, 0, 0, STATUS, NUMBER));
      assertEquals(0, call(guest, "close", 0));
      assertEquals(Code.INVALID_HANDLE.number(), call(guest, "body_read", 0, OUT, 100, NUMBER));
    } finally {
      module.stop();
    }
  }

  private static int call(WasmInstance guest, String function, long... args) throws Exception {
    long[] slots = new long[args.length];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = Integer.toUnsignedLong((int) args[i]);
    }
    long[] result = new long[1];
    guest.call(function, slots, result);
    return (int) result[0];
  }

  private static String out(GuestMemory memory) throws Exception {
    byte[] number = new byte[4];
    memory.read(NUMBER, number, 0, 4);
    byte[] text = new byte[number[0] & 0xff | (number[1] & 0xff) << 8];
    memory.read(OUT, text, 0, text.length);
    return new String(text, StandardCharsets.UTF_8);
  }
}
