package io.bundlet.apiserver;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.util.Map;

/** A configuration, as components get it. */
public final class Settings {
  private Settings() {}

  /** The defaults of an annotation type but for these values, by the names of its methods. */
  public static <T extends Annotation> T of(Class<T> type, Map<String, Object> values) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
        (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue())));
  }
}
