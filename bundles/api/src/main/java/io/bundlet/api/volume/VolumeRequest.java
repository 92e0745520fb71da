package io.bundlet.api.volume;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/** A volume to be mounted. Grows by its builder; what is not set is empty or none. */
public final class VolumeRequest {
  /** The ownership of everything in the volume is set whenever it is mounted. */
  public static final String ALWAYS = "Always";
  /** The ownership is set only if that of the volume's root is another. */
  public static final String ON_ROOT_MISMATCH = "OnRootMismatch";

  private final VolumePlace place;
  private final Map<String, Object> source;
  private final PodFacts pod;
  private final OptionalLong fsGroup;
  private final String fsGroupChangePolicy;
  private final OptionalLong runAsUser;
  private final long memoryLimitBytes;

  private VolumeRequest(Builder from) {
    place = from.place;
    source = from.source;
    pod = from.pod;
    fsGroup = from.fsGroup;
    fsGroupChangePolicy = from.fsGroupChangePolicy;
    runAsUser = from.runAsUser;
    memoryLimitBytes = from.memoryLimitBytes;
  }

  /** Starts a request. */
  public static Builder of(VolumePlace place, Map<String, Object> source) {
    return new Builder(place, source);
  }

  /** Which volume, and what is set aside for it. */
  public VolumePlace place() {
    return place;
  }

  /** Which volume. */
  public VolumeId volume() {
    return place.volume();
  }

  /**
   * The volume source as in the manifest, such as the map below {@code hostPath:}. Of the API's shape, but not checked.
   */
  public Map<String, Object> source() {
    return source;
  }

  /** What files may say of the pod. */
  public PodFacts pod() {
    return pod;
  }

  /** The group that all of the volume is to belong to. */
  public OptionalLong fsGroup() {
    return fsGroup;
  }

  /** {@link #ALWAYS} or {@link #ON_ROOT_MISMATCH}. */
  public String fsGroupChangePolicy() {
    return fsGroupChangePolicy;
  }

  /** The user that all containers of the pod run as; empty when they do not all name the same. */
  public OptionalLong runAsUser() {
    return runAsUser;
  }

  /** The most memory that the pod may use, in bytes, which its files in memory count to; 0: no limit is known. */
  public long memoryLimitBytes() {
    return memoryLimitBytes;
  }

  /** Builds a {@link VolumeRequest}; keeps its shape when fields are added. */
  public static final class Builder {
    private final VolumePlace place;
    private final Map<String, Object> source;
    private PodFacts pod = PodFacts.NONE;
    private OptionalLong fsGroup = OptionalLong.empty();
    private String fsGroupChangePolicy = ALWAYS;
    private OptionalLong runAsUser = OptionalLong.empty();
    private long memoryLimitBytes;

    private Builder(VolumePlace place, Map<String, Object> source) {
      this.place = Objects.requireNonNull(place);
      this.source = Objects.requireNonNull(source);
    }

    /** See {@link VolumeRequest#pod}. */
    public Builder pod(PodFacts value) {
      pod = value;
      return this;
    }

    /** See {@link VolumeRequest#fsGroup}. */
    public Builder fsGroup(OptionalLong value) {
      fsGroup = value;
      return this;
    }

    /** See {@link VolumeRequest#fsGroupChangePolicy}. */
    public Builder fsGroupChangePolicy(String value) {
      fsGroupChangePolicy = value;
      return this;
    }

    /** See {@link VolumeRequest#runAsUser}. */
    public Builder runAsUser(OptionalLong value) {
      runAsUser = value;
      return this;
    }

    /** See {@link VolumeRequest#memoryLimitBytes}. */
    public Builder memoryLimitBytes(long value) {
      memoryLimitBytes = value;
      return this;
    }

    /** The request as described so far; the builder may be used on. */
    public VolumeRequest build() {
      return new VolumeRequest(this);
    }
  }
}
