package io.bundlet.manifests.model;

import io.bundlet.manifests.yaml.YamlPath;
import io.bundlet.manifests.yaml.YamlValue;
import io.bundlet.manifests.yaml.YamlValue.Field;
import io.bundlet.manifests.yaml.YamlValue.Mapping;
import io.bundlet.manifests.yaml.YamlValue.Scalar;
import io.bundlet.manifests.yaml.YamlValue.ScalarType;
import io.bundlet.manifests.yaml.YamlValue.Sequence;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Makes objects of the Kubernetes model from YAML values and notes everything that does not fit. */
public final class ModelBinder {
  private static final Pattern QUANTITY =
      Pattern.compile("[+-]?(\\d{1,20}(\\.\\d{0,20})?|\\.\\d{1,20})([KMGTPE]i|[numkMGTPE]|[eE][+-]?\\d{1,2})?");

  private final Findings findings;

  /** A binder that notes what is wrong there. */
  public ModelBinder(Findings findings) {
    this.findings = findings;
  }

  /** An object of the class with all fields that fit; the rest is noted. */
  public <T> T bind(YamlValue value, Class<T> type) {
    Object bound = object(value, type, "", value.line());
    return bound == null ? type.cast(ModelClass.of(type).create()) : type.cast(bound);
  }

  /** Null stands for a field that is not there, as in Kubernetes. */
  private Object convert(YamlValue value, Type type, String path, int line) {
    if (value instanceof Scalar scalar && scalar.type() == ScalarType.NULL) {
      return null;
    } else if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
      return list(value, generic.getActualTypeArguments()[0], path, line);
    } else if (type instanceof ParameterizedType generic) {
      return map(value, generic.getActualTypeArguments()[1], path, line);
    } else if (type == String.class) {
      return text(value, path, line);
    } else if (type == Boolean.class) {
      return isType(value, ScalarType.BOOLEAN) ? Boolean.valueOf(((Scalar) value).text())
          : wrong(path, line, value, "true or false");
    } else if (type == Integer.class || type == Long.class) {
      return number(value, type, path, line);
    } else if (type == Quantity.class) {
      return quantity(value, path, line);
    } else if (type == IntOrString.class) {
      return intOrString(value, path, line);
    }
    return object(value, (Class<?>) type, path, line);
  }

  private Object object(YamlValue value, Class<?> type, String path, int line) {
    if (!(value instanceof Mapping mapping)) {
      return wrong(path, line, value, "a map of fields");
    }
    ModelClass model = ModelClass.of(type);
    Object made = model.create();
    for (Map.Entry<String, Field> entry : mapping.fields().entrySet()) {
      String name = entry.getKey();
      Field field = entry.getValue();
      ModelClass.Property property = model.properties().get(name);
      String at = YamlPath.field(path, name);
      if (property == null) {
        findings.addAt(field.line(), at, "unknown field; " + Suggestion.of(name, model.properties().keySet()));
      } else {
        Object converted = convert(field.value(), property.type(), at, field.line());
        if (converted != null) {
          ModelClass.set(made, property, converted);
        }
      }
    }
    return made;
  }

  private Object list(YamlValue value, Type element, String path, int line) {
    if (!(value instanceof Sequence sequence)) {
      return wrong(path, line, value, "a list; begin each element with \"- \"");
    }
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      YamlValue item = sequence.items().get(i);
      String at = path + "[" + i + "]";
      Object converted = convert(item, element, at, item.line());
      if (converted != null) {
        list.add(converted);
      } else if (item instanceof Scalar scalar && scalar.type() == ScalarType.NULL) {
        findings.addAt(item.line(), at, "must not be empty");
      }
    }
    return list;
  }

  private Object map(YamlValue value, Type element, String path, int line) {
    if (!(value instanceof Mapping mapping)) {
      return wrong(path, line, value, "a map");
    }
    Map<String, Object> map = new LinkedHashMap<>();
    for (Map.Entry<String, Field> entry : mapping.fields().entrySet()) {
      Field field = entry.getValue();
      String at = path + "[" + entry.getKey() + "]";
      Object converted = convert(field.value(), element, at, field.line());
      if (converted != null) {
        map.put(entry.getKey(), converted);
      } else if (element == String.class && field.value() instanceof Scalar scalar
          && scalar.type() == ScalarType.NULL) {
        map.put(entry.getKey(), "");
      }
    }
    return map;
  }

  private Object text(YamlValue value, String path, int line) {
    if (value instanceof Scalar scalar && scalar.type() == ScalarType.TEXT) {
      return scalar.text();
    }
    return wrong(path, line, value, value instanceof Scalar ? "text; put it in quotes" : "text");
  }

  private Object number(YamlValue value, Type type, String path, int line) {
    if (!isType(value, ScalarType.INTEGER)) {
      return wrong(path, line, value, "a whole number");
    }
    BigInteger number = new BigInteger(((Scalar) value).text());
    int bits = type == Integer.class ? 31 : 63;
    if (number.bitLength() > bits) {
      return wrong(path, line, value, "a number of at most " + (bits + 1) + " bits");
    }
    if (type == Integer.class) {
      return number.intValue();
    }
    return number.longValue();
  }

  private Object quantity(YamlValue value, String path, int line) {
    if (!(value instanceof Scalar scalar) || scalar.type() == ScalarType.BOOLEAN
        || !QUANTITY.matcher(scalar.text()).matches()) {
      return wrong(path, line, value, "a quantity such as 500m, 1.5, 64Mi or 2Gi");
    }
    if (scalar.type() == ScalarType.NUMBER && scalar.text().toLowerCase(java.util.Locale.ROOT).contains("e")) {
      return new Quantity(new BigDecimal(scalar.text()).toPlainString());
    }
    return Quantity.parse(scalar.text());
  }

  private Object intOrString(YamlValue value, String path, int line) {
    if (isType(value, ScalarType.INTEGER)) {
      Object number = number(value, Integer.class, path, line);
      return number == null ? null : new IntOrString(number);
    }
    return isType(value, ScalarType.TEXT) ? new IntOrString(((Scalar) value).text())
        : wrong(path, line, value, "a number or a name");
  }

  private static boolean isType(YamlValue value, ScalarType type) {
    return value instanceof Scalar scalar && scalar.type() == type;
  }

  private Object wrong(String path, int line, YamlValue value, String wanted) {
    findings.addAt(line, path, "is " + value.kind() + ", must be " + wanted);
    return null;
  }
}
