package io.bundlet.api.runtime;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * As whom the process runs that holds a sandbox, and what the sandbox's containers may be. Values as in
 * {@code spec.securityContext} of the Kubernetes API.
 */
public final class SandboxSecurity {
  /** As the runtime says. */
  public static final SandboxSecurity NONE = of().build();

  private final boolean privileged;
  private final OptionalLong user;
  private final OptionalLong group;
  private final List<Long> supplementalGroups;
  private final SecurityProfile seccomp;

  private SandboxSecurity(Builder from) {
    privileged = from.privileged;
    user = from.user;
    group = from.group;
    supplementalGroups = from.supplementalGroups;
    seccomp = from.seccomp;
  }

  /** Starts a description; what is not set is as in {@link #NONE}. */
  public static Builder of() {
    return new Builder();
  }

  /** Whether privileged containers may be in it. */
  public boolean privileged() {
    return privileged;
  }

  /** The number of its user; empty: the image's own. */
  public OptionalLong user() {
    return user;
  }

  /** The number of its primary group; empty: the user's own. */
  public OptionalLong group() {
    return group;
  }

  /** The numbers of further groups that it is in. */
  public List<Long> supplementalGroups() {
    return supplementalGroups;
  }

  /** Which calls of the kernel it may make. */
  public SecurityProfile seccomp() {
    return seccomp;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SandboxSecurity that
        && privileged == that.privileged
        && user.equals(that.user)
        && group.equals(that.group)
        && supplementalGroups.equals(that.supplementalGroups)
        && seccomp.equals(that.seccomp);
  }

  @Override
  public int hashCode() {
    return Objects.hash(privileged, user, group, supplementalGroups, seccomp);
  }

  @Override
  public String toString() {
    return "SandboxSecurity["
        + "privileged=" + privileged
        + ", user=" + user
        + ", group=" + group
        + ", supplementalGroups=" + supplementalGroups
        + ", seccomp=" + seccomp + "]";
  }

  /** Builds a {@link SandboxSecurity}; keeps its shape when fields are added. */
  public static final class Builder {
    private boolean privileged;
    private OptionalLong user = OptionalLong.empty();
    private OptionalLong group = OptionalLong.empty();
    private List<Long> supplementalGroups = List.of();
    private SecurityProfile seccomp = SecurityProfile.OF_RUNTIME;

    private Builder() {}

    /** See {@link SandboxSecurity#privileged}. */
    public Builder privileged(boolean value) {
      privileged = value;
      return this;
    }

    /** See {@link SandboxSecurity#user}. */
    public Builder user(OptionalLong value) {
      user = value;
      return this;
    }

    /** See {@link SandboxSecurity#group}. */
    public Builder group(OptionalLong value) {
      group = value;
      return this;
    }

    /** See {@link SandboxSecurity#supplementalGroups}. */
    public Builder supplementalGroups(List<Long> value) {
      supplementalGroups = List.copyOf(value);
      return this;
    }

    /** See {@link SandboxSecurity#seccomp}. */
    public Builder seccomp(SecurityProfile value) {
      seccomp = value;
      return this;
    }

    /** What was described so far; the builder may be used on. */
    public SandboxSecurity build() {
      return new SandboxSecurity(this);
    }
  }
}
