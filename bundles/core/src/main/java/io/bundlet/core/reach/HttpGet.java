package io.bundlet.core.reach;

import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPHeader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GET request.
 *
 * @param secure whether it goes through TLS
 * @param host where the connection goes: a name or an address, the latter without brackets
 * @param port 1 to 65535
 * @param target path and query, fit for the request's first line
 * @param headers by their names, which are compared without case; {@code Host} is among them when it was given
 */
public record HttpGet(boolean secure, String host, int port, String target, Map<String, String> headers) {
  private static final Pattern AUTHORITY = Pattern.compile("([A-Za-z][-+.A-Za-z0-9]*:)?//[^/?#]*");
  /** These are about the connection, which is ours, or about a body, which there is none of. */
  private static final List<String> OURS = List.of("Connection", "Content-Length", "Transfer-Encoding", "Trailer");

  /**
   * What this handler asks for. {@code Accept} and {@code User-Agent} are added unless the handler has them; one with
   * an empty value is left out.
   *
   * @param userAgent what the node calls itself
   */
  public static HttpGet of(HTTPGetAction action, ContainerTarget target, String userAgent) throws Unreachable {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.put("User-Agent", userAgent);
    headers.put("Accept", "*/*");
    if (action.getHttpHeaders() != null) {
      for (HTTPHeader header : action.getHttpHeaders()) {
        headers.put(name(header), value(header));
      }
    }
    for (String mayBeLeftOut : List.of("User-Agent", "Accept", "Host")) {
      headers.remove(mayBeLeftOut, "");
    }
    OURS.forEach(headers::remove);
    String host = action.getHost() == null || action.getHost().isEmpty() ? target.address() : action.getHost();
    return new HttpGet(
        "HTTPS".equalsIgnoreCase(action.getScheme()), bare(host), target.port(action.getPort()),
        target(action.getPath()), headers);
  }

  private static String name(HTTPHeader header) throws Unreachable {
    String name = header.getName();
    if (name == null || !name.matches("[-!#$%&'*+.^_`|~A-Za-z0-9]+")) {
      throw new Unreachable("the header name " + Quoted.of(String.valueOf(name)) + " cannot be sent");
    }
    return name;
  }

  private static String value(HTTPHeader header) throws Unreachable {
    String value = header.getValue() == null ? "" : header.getValue();
    if (value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f)) {
      throw new Unreachable("the value of the header " + header.getName() + " holds a control character");
    }
    return value.strip();
  }

  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /** The path and query of what may also be a whole URL, of which the rest is not heeded. */
  private static String target(String path) {
    String given = path == null || path.isEmpty() ? "/" : path;
    given = given.substring(endOfAuthority(given));
    int fragment = given.indexOf('#');
    String kept = encoded(fragment < 0 ? given : given.substring(0, fragment));
    return kept.startsWith("/") ? kept : "/" + kept;
  }

  /** Where the path of a URL begins; 0 when the text has no scheme and host. */
  private static int endOfAuthority(String url) {
    Matcher matcher = AUTHORITY.matcher(url);
    return matcher.lookingAt() ? matcher.end() : 0;
  }

  /** What cannot stand in a request's first line as percent and digits; what is so already stays. */
  private static String encoded(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder encoded = new StringBuilder();
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      boolean loosePercent =
          b == '%' && (i + 2 >= bytes.length || Character.digit(bytes[i + 1], 16) < 0
          || Character.digit(bytes[i + 2], 16) < 0);
      if (b <= ' ' || b == 0x7f || loosePercent || "\"<>\\^`{|}[]".indexOf(b) >= 0) {
        encoded.append("%%%02X".formatted(b & 0xff));
      } else {
        encoded.append((char) b);
      }
    }
    return encoded.toString();
  }

  /** The same without TLS, and so without what only the server may read. */
  public HttpGet plain() {
    Map<String, String> open = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    open.putAll(headers);
    open.remove("Authorization");
    return new HttpGet(false, host, port, target, open);
  }

  /** Where the request goes, for messages. */
  public URI uri() {
    return URI.create((secure ? "https" : "http") + "://" + authority() + target);
  }

  String authority() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** The request where an answer points to, with the same headers. @throws URISyntaxException when it points nowhere */
  HttpGet redirected(String location) throws URISyntaxException {
    int path = endOfAuthority(location);
    URI given = new URI(location.substring(0, path) + encoded(location.substring(path)));
    boolean relative = given.getScheme() == null;
    URI to = uri().resolve(given);
    boolean https = "https".equalsIgnoreCase(to.getScheme());
    if (to.getHost() == null || !https && !"http".equalsIgnoreCase(to.getScheme())) {
      throw new URISyntaxException(location, "neither http nor https with a host");
    }
    Map<String, String> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    kept.putAll(headers);
    if (!relative) {
      kept.remove("Host");
    }
    int explicit = to.getPort();
    String found = to.getRawPath() == null || to.getRawPath().isEmpty() ? "/" : to.getRawPath();
    return new HttpGet(
        https, bare(to.getHost()), explicit > 0 && explicit <= 65_535 ? explicit : https ? 443 : 80,
        to.getRawQuery() == null ? found : found + "?" + to.getRawQuery(), kept);
  }
}
