package io.bundlet.wasi.http;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a guest asks for.
 *
 * @param url where
 * @param method a token
 * @param headers names in lower case
 * @param body maybe empty
 */
record Request(URI url, String method, Map<String, String> headers, byte[] body) {
  /** They say who asks, and are for nobody else. */
  private static final Set<String> PERSONAL =
      Set.of("authorization", "cookie", "cookie2", "proxy-authorization", "www-authenticate");

  /** They say how a message is passed on, which is not the guest's to say: two could be made of one. */
  private static final Set<String> OF_THE_CONNECTION =
      Set.of("connection", "expect", "host", "transfer-encoding", "upgrade");

  private static final String LENGTH = "content-length";

  /** For the network. */
  HttpRequest toSend() throws Refused {
    if (method.equals("CONNECT")) {
      throw Code.INVALID_METHOD.because("CONNECT makes a tunnel, which the guest could not use");
    }
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(url).method(method, publisher());
      for (Map.Entry<String, String> header : headers.entrySet()) {
        add(request, header.getKey(), header.getValue());
      }
      return request.build();
    } catch (IllegalArgumentException e) {
      // what else the client refuses, such as another scheme than http and https
      throw Code.REQUEST.because(e.getMessage());
    }
  }

  private HttpRequest.BodyPublisher publisher() {
    return body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body);
  }

  private void add(HttpRequest.Builder request, String name, String value) throws Refused {
    if (name.equals(LENGTH) && value.strip().equals(Integer.toString(body.length))) {
      return; // that is what is sent
    }
    if (name.equals(LENGTH) || OF_THE_CONNECTION.contains(name)) {
      throw Code.INVALID_ENCODING.because("the header " + name + " is not the guest's to give");
    }
    request.header(name, value);
  }

  /** The request that follows a redirect (RFC 9110, 15.4): what says who asks does not go to another place. */
  Request redirected(int status, URI to) {
    boolean same = status == 307 || status == 308 || method.equals("HEAD") || method.equals("GET") && body.length == 0;
    Map<String, String> kept = new LinkedHashMap<>(headers);
    if (!same) {
      kept.keySet().removeIf(name -> name.startsWith("content-"));
    }
    if (!place(to).equals(place(url))) {
      kept.keySet().removeAll(PERSONAL);
    }
    return new Request(to, same ? method : "GET", kept, same ? body : new byte[0]);
  }

  private static String place(URI url) {
    return url.getScheme().toLowerCase(Locale.ROOT) + "://" + url.getHost() + ":" + url.getPort();
  }
}
