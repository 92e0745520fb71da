/** What pods take of the node, and what becomes of them when it is too much, or when the node ends. */
package io.bundlet.e2e.usage;
