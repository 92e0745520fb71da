package io.bundlet.core.reach;

/**
 * The container could not even be asked, because of the manifest or the node. Says nothing about the container. The
 * message is for people.
 */
public final class Unreachable extends Exception {
  public Unreachable(String message) {
    super(message);
  }
}
