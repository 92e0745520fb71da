package io.bundlet.wasi.preview1.calls;

import io.bundlet.api.wasm.FunctionType;
import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import java.util.Arrays;
import java.util.List;

/**
 * A function that guests import.
 *
 * @param type its type; its one result, if any, is an error number
 * @param body what it does
 */
public record Function(FunctionType type, Body body) {
  /** What a function does: it succeeds when it returns. Arguments are slots, an i32 in the low half. */
  @FunctionalInterface
  public interface Body {
    /** Does one call of this guest. */
    void call(Guest guest, long[] args) throws WasiFailure, GuestTrap;
  }

  /** A function that gives an error number. @param params a letter each: {@code i} for i32, {@code I} for i64 */
  static Function of(String params, Body body) {
    return new Function(new FunctionType(types(params), List.of("i32")), body);
  }

  /** A function that does not return. */
  static Function ending(String params, Body body) {
    return new Function(new FunctionType(types(params), List.of()), body);
  }

  private static List<String> types(String params) {
    return Arrays.stream(params.split("")).filter(each -> !each.isEmpty())
        .map(each -> each.equals("I") ? "i64" : "i32")
        .toList();
  }
}
