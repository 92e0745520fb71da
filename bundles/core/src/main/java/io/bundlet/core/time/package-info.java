/** The node's clocks and back-off, injected everywhere, so that tests move time instead of waiting for it. */
package io.bundlet.core.time;
