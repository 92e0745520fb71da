package io.bundlet.api.runtime;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * As whom a container runs, and what it may do. Values as in {@code securityContext} of the Kubernetes API, the pod's
 * and the container's put together.
 */
public final class ContainerSecurity {
  /** As the image and the runtime say. */
  public static final ContainerSecurity NONE = of().build();

  private final boolean privileged;
  private final OptionalLong user;
  private final String userName;
  private final OptionalLong group;
  private final List<Long> supplementalGroups;
  private final boolean nonRoot;
  private final boolean readOnlyRoot;
  private final boolean noNewPrivileges;
  private final List<String> addedCapabilities;
  private final List<String> droppedCapabilities;
  private final boolean unmaskedProc;
  private final SecurityProfile seccomp;
  private final Optional<SecurityProfile> appArmor;

  private ContainerSecurity(Builder from) {
    privileged = from.privileged;
    user = from.user;
    userName = from.userName;
    group = from.group;
    supplementalGroups = from.supplementalGroups;
    nonRoot = from.nonRoot;
    readOnlyRoot = from.readOnlyRoot;
    noNewPrivileges = from.noNewPrivileges;
    addedCapabilities = from.addedCapabilities;
    droppedCapabilities = from.droppedCapabilities;
    unmaskedProc = from.unmaskedProc;
    seccomp = from.seccomp;
    appArmor = from.appArmor;
  }

  /** Starts a description; what is not set is as in {@link #NONE}. */
  public static Builder of() {
    return new Builder();
  }

  /** Starts a description that says what this one does. */
  public Builder but() {
    return of().privileged(privileged).user(user).userName(userName).group(group)
        .supplementalGroups(supplementalGroups).nonRoot(nonRoot).readOnlyRoot(readOnlyRoot)
        .noNewPrivileges(noNewPrivileges).addedCapabilities(addedCapabilities).droppedCapabilities(droppedCapabilities)
        .unmaskedProc(unmaskedProc).seccomp(seccomp).appArmor(appArmor);
  }

  /** Whether it may do whatever the host may. */
  public boolean privileged() {
    return privileged;
  }

  /** The number of its user; empty: {@link #userName}, or the image's own. */
  public OptionalLong user() {
    return user;
  }

  /** The name of its user in the image; empty where {@link #user} is set, or for the image's own. */
  public String userName() {
    return userName;
  }

  /** The number of its primary group; empty: the user's own. */
  public OptionalLong group() {
    return group;
  }

  /** The numbers of further groups that it is in. */
  public List<Long> supplementalGroups() {
    return supplementalGroups;
  }

  /** Whether it must not run when its user turns out to be root. */
  public boolean nonRoot() {
    return nonRoot;
  }

  /** Whether it may not write to its own file system. */
  public boolean readOnlyRoot() {
    return readOnlyRoot;
  }

  /** Whether no program that it starts may have more rights than it has. */
  public boolean noNewPrivileges() {
    return noNewPrivileges;
  }

  /** The capabilities that it has beside the runtime's own set, without {@code CAP_}; {@code ALL} for all. */
  public List<String> addedCapabilities() {
    return addedCapabilities;
  }

  /** The capabilities of that set that it has not. */
  public List<String> droppedCapabilities() {
    return droppedCapabilities;
  }

  /** Whether it sees all of {@code /proc} and may write to what a container may not, usually. */
  public boolean unmaskedProc() {
    return unmaskedProc;
  }

  /** Which calls of the kernel it may make. */
  public SecurityProfile seccomp() {
    return seccomp;
  }

  /** Its profile of AppArmor; empty: as the runtime does by itself. */
  public Optional<SecurityProfile> appArmor() {
    return appArmor;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ContainerSecurity that
        && privileged == that.privileged
        && user.equals(that.user)
        && userName.equals(that.userName)
        && group.equals(that.group)
        && supplementalGroups.equals(that.supplementalGroups)
        && nonRoot == that.nonRoot
        && readOnlyRoot == that.readOnlyRoot
        && noNewPrivileges == that.noNewPrivileges
        && addedCapabilities.equals(that.addedCapabilities)
        && droppedCapabilities.equals(that.droppedCapabilities)
        && unmaskedProc == that.unmaskedProc
        && seccomp.equals(that.seccomp)
        && appArmor.equals(that.appArmor);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        privileged, user, userName, group, supplementalGroups, nonRoot, readOnlyRoot, noNewPrivileges,
        addedCapabilities, droppedCapabilities, unmaskedProc, seccomp, appArmor);
  }

  @Override
  public String toString() {
    return "ContainerSecurity["
        + "privileged=" + privileged
        + ", user=" + user
        + ", userName=" + userName
        + ", group=" + group
        + ", supplementalGroups=" + supplementalGroups
        + ", nonRoot=" + nonRoot
        + ", readOnlyRoot=" + readOnlyRoot
        + ", noNewPrivileges=" + noNewPrivileges
        + ", addedCapabilities=" + addedCapabilities
        + ", droppedCapabilities=" + droppedCapabilities
        + ", unmaskedProc=" + unmaskedProc
        + ", seccomp=" + seccomp
        + ", appArmor=" + appArmor + "]";
  }

  /** Builds a {@link ContainerSecurity}; keeps its shape when fields are added. */
  public static final class Builder {
    private boolean privileged;
    private OptionalLong user = OptionalLong.empty();
    private String userName = "";
    private OptionalLong group = OptionalLong.empty();
    private List<Long> supplementalGroups = List.of();
    private boolean nonRoot;
    private boolean readOnlyRoot;
    private boolean noNewPrivileges;
    private List<String> addedCapabilities = List.of();
    private List<String> droppedCapabilities = List.of();
    private boolean unmaskedProc;
    private SecurityProfile seccomp = SecurityProfile.OF_RUNTIME;
    private Optional<SecurityProfile> appArmor = Optional.empty();

    private Builder() {}

    /** See {@link ContainerSecurity#privileged}. */
    public Builder privileged(boolean value) {
      privileged = value;
      return this;
    }

    /** See {@link ContainerSecurity#user}. */
    public Builder user(OptionalLong value) {
      user = value;
      return this;
    }

    /** See {@link ContainerSecurity#userName}. */
    public Builder userName(String value) {
      userName = value;
      return this;
    }

    /** See {@link ContainerSecurity#group}. */
    public Builder group(OptionalLong value) {
      group = value;
      return this;
    }

    /** See {@link ContainerSecurity#supplementalGroups}. */
    public Builder supplementalGroups(List<Long> value) {
      supplementalGroups = List.copyOf(value);
      return this;
    }

    /** See {@link ContainerSecurity#nonRoot}. */
    public Builder nonRoot(boolean value) {
      nonRoot = value;
      return this;
    }

    /** See {@link ContainerSecurity#readOnlyRoot}. */
    public Builder readOnlyRoot(boolean value) {
      readOnlyRoot = value;
      return this;
    }

    /** See {@link ContainerSecurity#noNewPrivileges}. */
    public Builder noNewPrivileges(boolean value) {
      noNewPrivileges = value;
      return this;
    }

    /** See {@link ContainerSecurity#addedCapabilities}. */
    public Builder addedCapabilities(List<String> value) {
      addedCapabilities = List.copyOf(value);
      return this;
    }

    /** See {@link ContainerSecurity#droppedCapabilities}. */
    public Builder droppedCapabilities(List<String> value) {
      droppedCapabilities = List.copyOf(value);
      return this;
    }

    /** See {@link ContainerSecurity#unmaskedProc}. */
    public Builder unmaskedProc(boolean value) {
      unmaskedProc = value;
      return this;
    }

    /** See {@link ContainerSecurity#seccomp}. */
    public Builder seccomp(SecurityProfile value) {
      seccomp = value;
      return this;
    }

    /** See {@link ContainerSecurity#appArmor}. */
    public Builder appArmor(Optional<SecurityProfile> value) {
      appArmor = value;
      return this;
    }

    /** What was described so far; the builder may be used on. */
    public ContainerSecurity build() {
      return new ContainerSecurity(this);
    }
  }
}
