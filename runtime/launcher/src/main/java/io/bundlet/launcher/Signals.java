package io.bundlet.launcher;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * SIGINT and SIGTERM without the JVM's own reaction, which would begin to end the process at once and hear no second
 * Ctrl-C. The class behind it is there in every JDK but not part of the platform's specification, and the compiler
 * cannot be told that this is known; hence by reflection.
 */
final class Signals {
  private Signals() {}

  /**
   * Calls the handler with {@code INT} or {@code TERM}, each time, on a thread of its own.
   *
   * @return false when this JVM does not offer it; a shutdown hook is then all there is
   */
  static boolean handle(Consumer<String> handler) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
      Method handle = signal.getMethod("handle", signal, signalHandler);
      for (String name : new String[] {"INT", "TERM"}) {
        InvocationHandler call = (proxy, method, args) -> {
          if (method.getName().equals("handle")) {
            handler.accept(name);
            return null;
          }
          return switch (method.getName()) {
            case "equals" -> proxy == args[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "handler of SIG" + name;
          };
        };
        Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {signalHandler}, call);
        handle.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      }
      return true;
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return false;
    }
  }
}
