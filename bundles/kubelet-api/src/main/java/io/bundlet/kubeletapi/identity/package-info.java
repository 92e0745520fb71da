/**
 * Who calls: the client certificate first, if it is of one of the authorities that are believed, then the bearer token,
 * by asking the API server. Who is neither is nobody and gets no further; there are no anonymous callers.
 *
 * <p>The handshake takes any client certificate, which only proves that the caller has its key; whether it is believed
 * is decided for each request, with the authorities of that moment. So a caller with a foreign certificate gets an
 * answer that he can read, may still have a token, and a changed authority counts from the next request on.
 */
package io.bundlet.kubeletapi.identity;
