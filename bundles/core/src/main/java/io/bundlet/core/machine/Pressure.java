package io.bundlet.core.machine;

/** What a node that is short of something is said to be under. The words are those of the Kubernetes kubelet. */
public enum Pressure {
  /** Short of memory. */
  MEMORY("MemoryPressure", "KubeletHasInsufficientMemory", "kubelet has insufficient memory available",
      "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
  /** Short of space, or of inodes. */
  DISK("DiskPressure", "KubeletHasDiskPressure", "kubelet has disk pressure",
      "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
  /** Short of process ids. */
  PID("PIDPressure", "KubeletHasInsufficientPID", "kubelet has insufficient PID available",
      "KubeletHasSufficientPID", "kubelet has sufficient PID available");

  private final String type;
  private final String reason;
  private final String message;
  private final String otherwiseReason;
  private final String otherwiseMessage;

  Pressure(String type, String reason, String message, String otherwiseReason, String otherwiseMessage) {
    this.type = type;
    this.reason = reason;
    this.message = message;
    this.otherwiseReason = otherwiseReason;
    this.otherwiseMessage = otherwiseMessage;
  }

  /** The condition's type. */
  public String type() {
    return type;
  }

  /** The condition's reason. */
  public String reason(boolean present) {
    return present ? reason : otherwiseReason;
  }

  /** The condition's message. */
  public String message(boolean present) {
    return present ? message : otherwiseMessage;
  }
}
