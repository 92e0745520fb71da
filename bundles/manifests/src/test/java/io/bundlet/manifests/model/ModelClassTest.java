package io.bundlet.manifests.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What ModelClass takes for granted of the model, checked on every class that a pod can hold. */
class ModelClassTest {
  private static final Set<Class<?>> VALUES =
      Set.of(String.class, Boolean.class, Integer.class, Long.class, Quantity.class, IntOrString.class);

  private final Set<Class<?>> seen = new HashSet<>();

  @Test
  void fieldsBearTheNamesOfTheJsonFieldsAndHaveTypesThatTheBinderKnows() throws Exception {
    look(Pod.class);
    assertTrue(seen.size() > 100, "a pod holds many classes, not " + seen.size());
  }

  private void look(Type type) throws Exception {
    if (type instanceof ParameterizedType generic) {
      assertTrue(generic.getRawType() == List.class || generic.getRawType() == Map.class, generic.toString());
      look(generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1]);
      return;
    }
    Class<?> model = (Class<?>) type;
    if (VALUES.contains(model) || !seen.add(model)) {
      return;
    }
    assertTrue(model.getName().startsWith("io.fabric8.kubernetes.api.model."), model.getName());
    for (Map.Entry<String, ModelClass.Property> property : ModelClass.of(model).properties().entrySet()) {
      Field field = model.getDeclaredField(property.getKey());
      assertEquals(property.getKey(), field.getAnnotation(JsonProperty.class).value());
      look(property.getValue().type());
    }
  }
}
