package io.bundlet.api.wasm;

import java.util.List;

/**
 * A function's type, each value being {@code i32}, {@code i64}, {@code f32}, {@code f64}, {@code v128}, {@code funcref}
 * or {@code externref}.
 *
 * @param params what it takes
 * @param results what it gives
 */
public record FunctionType(List<String> params, List<String> results) {
  public FunctionType {
    params = List.copyOf(params);
    results = List.copyOf(results);
  }

  @Override
  public String toString() {
    return "(" + String.join(", ", params) + ") -> (" + String.join(", ", results) + ")";
  }
}
