package io.bundlet.api.cgroup;

import java.util.Objects;

/**
 * What of {@link ControlGroups} can be done on this machine.
 *
 * @param pods why no groups of pods can be made, for people; empty: they can
 * @param threads why threads of this process cannot be limited, for people; empty: they can
 */
public record GroupSupport(String pods, String threads) {
  public GroupSupport {
    Objects.requireNonNull(pods);
    Objects.requireNonNull(threads);
  }
}
