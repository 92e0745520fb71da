package io.bundlet.plugins;

import java.lang.reflect.Field;

/** Looks into objects of others for what they keep too long and offer no way to let go of. */
final class PrivateFields {
  private PrivateFields() {}

  /** The value of a field, also of a static one; null when there is none that may be read. */
  static Object value(Object of, String name) throws IllegalAccessException {
    for (Class<?> type = of.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (field.getName().equals(name) && field.trySetAccessible()) {
          return field.get(of);
        }
      }
    }
    return null;
  }
}
