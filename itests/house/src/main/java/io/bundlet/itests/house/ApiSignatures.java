package io.bundlet.itests.house;

import java.lang.classfile.AccessFlags;
import java.lang.classfile.Annotation;
import java.lang.classfile.Attribute;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.ExceptionsAttribute;
import java.lang.classfile.attribute.RecordAttribute;
import java.lang.classfile.attribute.RuntimeInvisibleAnnotationsAttribute;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.lang.classfile.attribute.SignatureAttribute;
import java.lang.reflect.AccessFlag;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The classes that somebody who compiles against a class has to have: those in its visible signatures. */
final class ApiSignatures {
  /** A class in a descriptor or generic signature; what follows a dot is an inner class of a generic one. */
  private static final Pattern NAMED = Pattern.compile("L([A-Za-z_$][\\w$/]*)");

  private final Set<String> types = new TreeSet<>();
  private final Set<String> annotations = new TreeSet<>();

  private ApiSignatures() {}

  /** Reads the signatures of a class that others can see. */
  static ApiSignatures of(ClassModel model) {
    ApiSignatures found = new ApiSignatures();
    model.superclass().ifPresent(type -> found.types.add(type.asInternalName()));
    model.interfaces().forEach(type -> found.types.add(type.asInternalName()));
    found.attributes(model);
    for (FieldModel field : model.fields()) {
      if (visible(field.flags())) {
        found.named(field.fieldType().stringValue());
        found.attributes(field);
      }
    }
    for (MethodModel method : model.methods()) {
      if (visible(method.flags())) {
        found.named(method.methodType().stringValue());
        found.attributes(method);
      }
    }
    return found;
  }

  /** Internal names of classes in signatures. */
  Set<String> types() {
    return types;
  }

  /** Internal names of annotations. */
  Set<String> annotations() {
    return annotations;
  }

  private static boolean visible(AccessFlags flags) {
    return (flags.has(AccessFlag.PUBLIC) || flags.has(AccessFlag.PROTECTED)) && !flags.has(AccessFlag.SYNTHETIC);
  }

  private void attributes(AttributedElement element) {
    for (Attribute<?> attribute : element.attributes()) {
      switch (attribute) {
        case SignatureAttribute signature -> named(signature.signature().stringValue());
        case ExceptionsAttribute thrown -> thrown.exceptions().forEach(type -> types.add(type.asInternalName()));
        case RuntimeVisibleAnnotationsAttribute visible -> visible.annotations().forEach(this::annotation);
        case RuntimeInvisibleAnnotationsAttribute invisible -> invisible.annotations().forEach(this::annotation);
        case RecordAttribute components -> components.components().forEach(component -> {
          named(component.descriptor().stringValue());
          attributes(component);
        });
        default -> { }
      }
    }
  }

  private void annotation(Annotation annotation) {
    annotations.add(annotation.className().stringValue().replaceAll("^L|;$", ""));
  }

  private void named(String signature) {
    // type variables are written T...; and <T:Ljava/...; which the pattern must not take for classes
    Matcher matcher = NAMED.matcher(signature.replaceAll("(?<=[<;(\\[)+*-]|^)T[\\w$]+;", ""));
    while (matcher.find()) {
      types.add(matcher.group(1));
    }
  }
}
