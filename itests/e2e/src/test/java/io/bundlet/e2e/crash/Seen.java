package io.bundlet.e2e.crash;

import io.bundlet.e2e.outside.PodInfo;

/**
 * A pod at one time, from all sides.
 *
 * @param info what the node says
 * @param starts how often it has started, by its file
 * @param container the id of its running container by raw CRI; empty for others
 */
record Seen(PodInfo info, int starts, String container) {
  @Override
  public String toString() {
    return info.phase() + "/" + info.state() + " starts " + starts + " restarts " + info.restarts()
        + (info.container("LAST").isEmpty() ? "" : " last " + info.container("LAST")) + " " + container;
  }
}
