/**
 * What newer API servers know and the real one of the tests does not, against a server that is written by hand: each
 * test says so by its name.
 */
package io.bundlet.e2e.newer;
