/**
 * The node's object and lease in the API server. What the core says of the node is kept when the core goes, so that the
 * lease is renewed while it is exchanged; what others wrote into the object is left alone, and an object that somebody
 * has deleted is made again.
 */
package io.bundlet.apiserver.node;
