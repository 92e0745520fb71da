/**
 * Lists a kind of objects once and then hears of each change, for as long as it is wanted: the one way in which this
 * bundle learns what is in the API server. A list is asked for again only when the server no longer knows what came
 * after the last one.
 */
package io.bundlet.apiserver.watch;
