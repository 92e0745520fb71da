package io.bundlet.api.wasm;

import java.util.Objects;

/** A guest's run ended otherwise than by returning. */
public final class GuestTrap extends Exception {
  /** The guest asked to end, with {@link #exitCode}. */
  public static final String EXIT = "Exit";
  /** The guest did something illegal: unreachable code, a bad address, no more stack. */
  public static final String TRAP = "Trap";
  /** {@link WasmInstance#kill} was called. */
  public static final String KILLED = "Killed";
  /** The guest called into Java more often than its engine can bear. */
  public static final String HOST_CALL_BUDGET = "HostCallBudget";

  /** The guest trapped after its memory could not grow because of its limit: it is over it. */
  public static final String OUT_OF_MEMORY = "OutOfMemory";

  private final String kind;
  private final int exitCode;

  private GuestTrap(String kind, int exitCode, String message, Throwable cause) {
    super(Objects.requireNonNull(message), cause);
    this.kind = kind;
    this.exitCode = exitCode;
  }

  /** The guest asked to end with this code. */
  public static GuestTrap exit(int code) {
    return new GuestTrap(EXIT, code, "exit " + code, null);
  }

  /** The guest trapped. */
  public static GuestTrap trap(String message, Throwable cause) {
    return new GuestTrap(TRAP, 0, message, cause);
  }

  /** The guest trapped. */
  public static GuestTrap trap(String message) {
    return trap(message, null);
  }

  /** The guest trapped, and what it asked for last was memory beyond this limit. */
  public static GuestTrap outOfMemory(long limitBytes, String message, Throwable cause) {
    return new GuestTrap(
        OUT_OF_MEMORY, 0,
        "its memory could not grow beyond its limit of " + (limitBytes >> 10) + " KiB: " + message, cause);
  }

  /** The guest was killed. */
  public static GuestTrap killed(String why) {
    return new GuestTrap(KILLED, 0, why, null);
  }

  /** The guest was ended because of its calls into Java. */
  public static GuestTrap hostCallBudget(long calls) {
    return new GuestTrap(HOST_CALL_BUDGET, 0, "stopped after " + calls + " calls into the host", null);
  }

  /** One of the constants of this class. */
  public String kind() {
    return kind;
  }

  /** The code that the guest asked to end with; 0 for all kinds but {@link #EXIT}. */
  public int exitCode() {
    return exitCode;
  }
}
