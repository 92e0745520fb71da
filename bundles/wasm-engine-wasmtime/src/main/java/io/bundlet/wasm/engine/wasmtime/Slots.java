package io.bundlet.wasm.engine.wasmtime;

import io.github.kawamuray.wasmtime.Val;

/** Turns the binding's boxed values into slots of 64 bits and back. */
final class Slots {
  private Slots() {}

  static long fromValue(Val value) {
    return switch (value.getType()) {
      case I32 -> Integer.toUnsignedLong(value.i32());
      case I64 -> value.i64();
      case F32 -> Integer.toUnsignedLong(Float.floatToRawIntBits(value.f32()));
      case F64 -> Double.doubleToRawLongBits(value.f64());
      case EXTERN_REF, FUNC_REF, V128 -> throw unsupported(value.getType().name());
    };
  }

  static Val toValue(String type, long slot) {
    return switch (type) {
      case "i32" -> Val.fromI32((int) slot);
      case "i64" -> Val.fromI64(slot);
      case "f32" -> Val.fromF32(Float.intBitsToFloat((int) slot));
      case "f64" -> Val.fromF64(Double.longBitsToDouble(slot));
      default -> throw unsupported(type);
    };
  }

  static Val.Type type(String name) {
    return switch (name) {
      case "i32" -> Val.Type.I32;
      case "i64" -> Val.Type.I64;
      case "f32" -> Val.Type.F32;
      case "f64" -> Val.Type.F64;
      default -> throw unsupported(name);
    };
  }

  private static IllegalArgumentException unsupported(String type) {
    return new IllegalArgumentException("the engine wasmtime cannot pass a value of type " + type);
  }
}
