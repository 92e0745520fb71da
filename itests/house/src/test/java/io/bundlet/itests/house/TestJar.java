package io.bundlet.itests.house;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A bundle made by a test. */
final class TestJar {
  private final Manifest manifest = new Manifest();
  private final Map<String, byte[]> classes = new LinkedHashMap<>();

  TestJar(String name) {
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    header("Bundle-SymbolicName", name);
  }

  TestJar header(String name, String value) {
    manifest.getMainAttributes().putValue(name, value);
    return this;
  }

  /** A public class. */
  TestJar type(String name, Consumer<ClassBuilder> content) {
    classes.put(name.replace('.', '/') + ".class", ClassFile.of().build(ClassDesc.of(name),
        builder -> content.accept(builder.withFlags(ClassFile.ACC_PUBLIC))));
    return this;
  }

  /** A public class with an abstract method that takes this type. */
  TestJar taking(String name, String parameter) {
    return type(name, builder -> builder.withMethod("take", MethodTypeDesc.of(CD_void, ClassDesc.of(parameter)),
        ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT, method -> { }));
  }

  /** A public class with code that tests an object for this type. */
  TestJar testing(String name, String type) {
    return type(name, builder -> builder.withMethodBody("test", MethodTypeDesc.of(CD_void, CD_Object),
        ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
        code -> code.aload(0).instanceOf(ClassDesc.of(type)).pop().return_()));
  }

  /** A public class that holds a text. */
  TestJar saying(String name, String text) {
    return type(name, builder -> builder.withMethodBody("say", MethodTypeDesc.of(CD_void),
        ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, code -> code.ldc(text).pop().return_()));
  }

  Path write(Path directory) throws IOException {
    Path file = Files.createTempFile(directory, "bundle", ".jar");
    try (OutputStream out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out, manifest)) {
      for (Map.Entry<String, byte[]> type : classes.entrySet()) {
        jar.putNextEntry(new JarEntry(type.getKey()));
        jar.write(type.getValue());
      }
    }
    return file;
  }
}
