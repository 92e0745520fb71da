/** Volumes of a whole node, seen by its guests while others change and exchange what is in them. */
package io.bundlet.e2e.volumes;
