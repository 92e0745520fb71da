package io.bundlet.manifests.model;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The fields of a class of the Kubernetes model. In that model the private fields bear the names of the JSON fields (a
 * test compares them with the JSON annotations, which are not read here because that is slow).
 */
final class ModelClass {
  /** A field that can be set. */
  record Property(Type type, Method setter) {}

  private static final Map<Class<?>, ModelClass> KNOWN = new ConcurrentHashMap<>();

  private final Class<?> type;
  private final Map<String, Property> properties = new LinkedHashMap<>();

  private ModelClass(Class<?> type) {
    this.type = type;
    for (Field field : type.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) || field.getName().equals("additionalProperties")) {
        continue;
      }
      String name = field.getName();
      String setter = "set" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
      try {
        properties.put(name, new Property(field.getGenericType(), type.getMethod(setter, field.getType())));
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException(type + " has no method " + setter, e);
      }
    }
  }

  static ModelClass of(Class<?> type) {
    return KNOWN.computeIfAbsent(type, ModelClass::new);
  }

  Map<String, Property> properties() {
    return properties;
  }

  Object create() {
    try {
      return type.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make a " + type.getName(), e);
    }
  }

  static void set(Object target, Property property, Object value) {
    try {
      property.setter().invoke(target, value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot call " + property.setter(), e);
    }
  }
}
