package io.bundlet.sections;

import java.util.List;

/**
 * A function's type.
 *
 * @param params the parameters' types by their usual names: {@code i32}, {@code i64}, {@code f32}, {@code f64},
 *     {@code v128}, {@code funcref}, {@code externref}
 * @param results the results' types
 */
public record Signature(List<String> params, List<String> results) {
  public Signature {
    params = List.copyOf(params);
    results = List.copyOf(results);
  }
}
