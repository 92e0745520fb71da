package io.bundlet.kubeletapi.route;

import io.bundlet.kubernetes.Caller;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** One request of somebody who may ask, and its answer. For one thread. */
public interface Exchange {
  /** Who asks. */
  Caller caller();

  /** The request's method. */
  String method();

  /** The values of a header of the request, in their order; without line breaks. */
  List<String> headers(String name);

  /** What stands for the names in the route's pattern. */
  List<String> names();

  /**
   * The values of a part of the query; empty when it is not there. @throws Refusal 400 when the query cannot be read
   */
  List<String> query(String name) throws Refusal;

  /** The first of these values. */
  default Optional<String> first(String name) throws Refusal {
    return query(name).stream().findFirst();
  }

  /**
   * Begins an answer that was found; what is written to the stream goes out at once, and whoever does not take it
   * within the time that the server allows loses his connection.
   *
   * @param type its media type
   */
  OutputStream begin(String type) throws IOException;

  /**
   * The same for an answer that may take long, with pauses.
   *
   * @param gone called once, by another thread, if the caller leaves meanwhile; never blocks
   */
  OutputStream beginStream(String type, Runnable gone) throws IOException;

  /**
   * Has the connection go on in another protocol, which the other side of this one speaks: when the endpoint returns,
   * the caller is told so, and from then on bytes are passed on both ways until one of them ends. Nothing else may be
   * answered then.
   *
   * @param protocol its name
   * @param to is closed at the end, whatever happens
   * @param over called once at that time, by any thread; never blocks
   */
  void handOver(String protocol, Counterpart to, Runnable over);
}
