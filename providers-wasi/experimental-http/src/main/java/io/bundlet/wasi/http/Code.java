package io.bundlet.wasi.http;

/** The answers of the functions; a code's number is its place here. */
enum Code {
  SUCCESS,
  INVALID_HANDLE,
  MEMORY_NOT_FOUND,
  /** What was to be written does not fit into the memory. */
  MEMORY_ACCESS,
  /** The guest's buffer is too small, or what was to be read is not within its memory. */
  BUFFER_TOO_SMALL,
  HEADER_NOT_FOUND,
  NOT_UTF8,
  DESTINATION_NOT_ALLOWED,
  INVALID_METHOD,
  /** Of the request's headers. */
  INVALID_ENCODING,
  INVALID_URL,
  /** The request did not come to its end: no connection, no answer in time, too many redirects. */
  REQUEST,
  /** The host cannot give what there is: too large, or not to be written as text. */
  RUNTIME,
  TOO_MANY_SESSIONS;

  int number() {
    return ordinal();
  }

  /** This code as the end of a call. @param why for the node's log at its finest */
  Refused because(String why) {
    return new Refused(this, why);
  }
}
