package io.bundlet.wasmhost.modules;

/** A host module was not there when it was needed, nor came while it was waited for. */
public final class ModuleAbsent extends Exception {
  public ModuleAbsent(String message) {
    super(message);
  }
}
