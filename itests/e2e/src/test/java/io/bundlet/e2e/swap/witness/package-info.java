/** What the tests put into a node to see from inside what cannot be seen from outside. */
package io.bundlet.e2e.swap.witness;
