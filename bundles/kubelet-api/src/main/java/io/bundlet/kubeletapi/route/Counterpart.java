package io.bundlet.kubeletapi.route;

import java.net.Socket;
import java.util.Map;

/** Who speaks with a caller whose connection goes on in another protocol. */
public interface Counterpart extends AutoCloseable {
  /** The headers by which the caller is told what was agreed on. */
  Map<String, String> agreed();

  /** From now on bytes of the protocol go over it. */
  Socket socket();

  /** Ends the connection. Never blocks; again: nothing. */
  @Override
  void close();
}
