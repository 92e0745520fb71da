package io.bundlet.launcher;

/** A command that starts a node. */
interface HasNodeOptions {
  NodeOptions options();
}
