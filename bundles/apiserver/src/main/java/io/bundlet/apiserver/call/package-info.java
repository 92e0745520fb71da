/**
 * Single requests to the API server and what comes back, as JSON trees. fabric8's client gives the connection and the
 * credentials; what is above that is done here, because an answer must be bounded in time and size, and because who
 * repeats a request must know the code of the failure and how long the server asks to wait.
 */
package io.bundlet.apiserver.call;
