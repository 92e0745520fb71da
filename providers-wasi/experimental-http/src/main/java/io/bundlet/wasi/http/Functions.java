package io.bundlet.wasi.http;

import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.GuestContext;
import io.bundlet.api.wasm.GuestMemory;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.wasi.http.Responses.Response;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The five functions: what they take, in which order it is checked, what they answer. */
final class Functions {
  /** A URL, method, header or all headers of a request, 64 KiB. */
  private static final int TEXT = 64 << 10;

  static final Map<String, FunctionType> TYPES =
      Map.of(
          "req", type(10),
          "close", type(1),
          "header_get", type(6),
          "headers_get_all", type(4),
          "body_read", type(4));

  private final Client client;
  private final HeldBytes held;
  private final Supplier<Limits> limits;

  Functions(Client client, HeldBytes held, Supplier<Limits> limits) {
    this.client = client;
    this.held = held;
    this.limits = limits;
  }

  private static FunctionType type(int params) {
    return new FunctionType(Collections.nCopies(params, "i32"), List.of("i32"));
  }

  /** Does one call. @return the code for the guest */
  Code call(String function, GuestContext guest, GuestMemory memory, long[] args) throws GuestTrap {
    Responses responses = new Responses(guest, held);
    if (function.equals("close")) {
      responses.close((int) args[0]);
      return Code.SUCCESS;
    }
    try {
      Buffers buffers = new Buffers(memory);
      switch (function) {
        case "req" -> request(guest, responses, buffers, args);
        case "header_get" -> header(responses.get((int) args[0]), buffers, args);
        case "headers_get_all" -> headers(responses.get((int) args[0]), buffers, args);
        case "body_read" -> body(responses.get((int) args[0]).body(), buffers, args);
        default -> throw GuestTrap.trap(HttpModule.NAME + " has no function " + function);
      }
      return Code.SUCCESS;
    } catch (Refused refused) {
      HttpModule.LOG.debug("{} of {}: {}: {}", function, guest.pod(), refused.code(), refused.getMessage());
      return refused.code();
    }
  }

  /** url, method, headers, body: each an address and a length; then where status and handle go. */
  private void request(GuestContext guest, Responses responses, Buffers buffers, long[] args)
      throws Refused, GuestTrap {
    Limits now = limits.get();
    Rules rules = Rules.of(guest, now.openResponses());
    responses.recount();
    if (responses.count() >= rules.openResponses()) {
      throw Code.TOO_MANY_SESSIONS.because(responses.count() + " responses are open");
    }
    try (HeldBytes.Share share = held.share()) {
      Client.Answer answer =
          client.send(
              guest.pod(), () -> read(rules.destinations(), now, share, buffers, args), rules.destinations(), now,
              share);
      Response response = answer.response();
      share.take(response.bytes() - response.body().capacity());
      if (responses.bytes() + response.bytes() > now.heldBytes()) {
        throw Code.RUNTIME.because("the open responses have more than " + now.heldBytes() + " bytes");
      }
      int handle = responses.add(response);
      share.leave(responses.life(), responses.bytes());
      buffers.small(args[8], answer.status());
      buffers.number(args[9], handle);
    }
  }

  private static Request read(
      Destinations destinations, Limits limits, HeldBytes.Share share, Buffers buffers, long[] args)
      throws Refused, GuestTrap {
    URI url = Destinations.url(buffers.text(args[0], args[1], TEXT));
    destinations.require(url);
    String method = buffers.text(args[2], args[3], TEXT);
    if (!HeaderText.isToken(method)) {
      throw Code.INVALID_METHOD.because("the method is no token");
    }
    // Twice, as the JDK's client makes a copy of its own.
    share.take(2L * buffers.requireReadable(args[6], args[7], limits.responseBytes()));
    byte[] body = buffers.read(args[6], args[7], limits.responseBytes());
    Map<String, String> headers = HeaderText.read(buffers.text(args[4], args[5], TEXT));
    // Asked before: who cannot take the answer is not to cause it, and to leave it open.
    buffers.requireRoom(args[8], 2);
    buffers.requireRoom(args[9], 4);
    return new Request(url, method, headers, body);
  }

  /** handle, name, buffer: the latter two an address and a length; then where the value's length goes. */
  private static void header(Response response, Buffers buffers, long[] args) throws Refused, GuestTrap {
    String name = buffers.text(args[1], args[2], TEXT).toLowerCase(Locale.ROOT);
    for (Map.Entry<String, String> header : response.headers()) {
      if (header.getKey().equals(name)) {
        byte[] value = HeaderText.bytes(header.getValue());
        buffers.fill(args[3], args[4], value);
        buffers.number(args[5], value.length);
        return;
      }
    }
    throw Code.HEADER_NOT_FOUND.because("the response has no such header");
  }

  /** handle, buffer; then where the text's length goes. */
  private static void headers(Response response, Buffers buffers, long[] args) throws Refused, GuestTrap {
    byte[] text = HeaderText.write(response.headers());
    buffers.fill(args[1], args[2], text);
    buffers.number(args[3], text.length);
  }

  /** handle, buffer; then where it goes how much was read: 0 at the end. */
  private static void body(ByteBuffer body, Buffers buffers, long[] args) throws Refused, GuestTrap {
    long room = Integer.toUnsignedLong((int) args[2]);
    int length = (int) Math.min(room, body.remaining());
    buffers.requireRoom(args[1], length);
    buffers.requireRoom(args[3], 4);
    buffers.write(args[1], body.array(), body.arrayOffset() + body.position(), length);
    body.position(body.position() + length);
    buffers.number(args[3], length);
  }
}
