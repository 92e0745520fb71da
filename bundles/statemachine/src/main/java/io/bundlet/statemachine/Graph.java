package io.bundlet.statemachine;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * All states of a machine and all moves between them, read from the types: the type argument of {@link State} and what
 * the sealed interface behind it permits. So it cannot differ from what compiles.
 */
public final class Graph {
  private final SequencedMap<Class<?>, List<Class<?>>> moves;

  private Graph(SequencedMap<Class<?>, List<Class<?>>> moves) {
    this.moves = moves;
  }

  /**
   * Reads the machine that starts in one of these states.
   *
   * @throws IllegalArgumentException when a type is neither {@link State} nor {@link FinalState}, or a list of moves is
   *     not
   *     sealed: the machine is not well made
   */
  public static Graph from(Class<?>... first) {
    SequencedMap<Class<?>, List<Class<?>>> moves = new LinkedHashMap<>();
    Deque<Class<?>> open = new ArrayDeque<>(List.of(first));
    while (!open.isEmpty()) {
      Class<?> state = open.removeFirst();
      if (!moves.containsKey(state)) {
        List<Class<?>> next = movesFrom(state);
        moves.put(state, next);
        open.addAll(next);
      }
    }
    return new Graph(Collections.unmodifiableSequencedMap(moves));
  }

  /** Each state with the states that it may go to; first states first, then by distance. */
  public SequencedMap<Class<?>, List<Class<?>>> moves() {
    return moves;
  }

  /** One line a state: {@code From -> To, To}; a final state has nothing after it. */
  public String text() {
    int width = moves.keySet().stream().mapToInt(state -> state.getSimpleName().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    moves.forEach(
        (from, to) ->
            text.append(
                to.isEmpty()
                    ? from.getSimpleName() + "\n"
                    : ("%-" + width + "s -> %s%n").formatted(from.getSimpleName(), names(to))));
    return text.toString();
  }

  /** The graph in Graphviz' DOT language. */
  public String dot(String name) {
    StringBuilder dot = new StringBuilder("digraph \"" + name + "\" {\n  rankdir=LR;\n  node [shape=box];\n");
    moves.forEach(
        (from, to) -> {
          if (to.isEmpty()) {
            dot.append("  \"%s\" [peripheries=2];%n".formatted(from.getSimpleName()));
          }
          to.forEach(
              target -> dot.append("  \"%s\" -> \"%s\";%n".formatted(from.getSimpleName(), target.getSimpleName())));
        });
    return dot.append("}\n").toString();
  }

  private static String names(List<Class<?>> states) {
    return String.join(", ", states.stream().map(Class::getSimpleName).toList());
  }

  private static List<Class<?>> movesFrom(Class<?> state) {
    if (FinalState.class.isAssignableFrom(state)) {
      return List.of();
    }
    if (!State.class.isAssignableFrom(state)) {
      throw new IllegalArgumentException(state + " is neither a State nor a FinalState");
    }
    Type argument = argumentOfState(state, new HashMap<>());
    if (!(argument instanceof Class<?> list) || !list.isSealed()) {
      throw new IllegalArgumentException("the moves after " + state + " are not a sealed interface: " + argument);
    }
    List<Class<?>> next = new ArrayList<>();
    collect(list, next);
    return List.copyOf(next);
  }

  private static void collect(Class<?> list, List<Class<?>> into) {
    for (Class<?> permitted : list.getPermittedSubclasses()) {
      if (permitted.isInterface()) {
        collect(permitted, into);
      } else {
        into.add(permitted);
      }
    }
  }

  /** The second type argument of State, seen through the interfaces and classes in between. */
  private static Type argumentOfState(Class<?> type, Map<TypeVariable<?>, Type> known) {
    List<Type> above = new ArrayList<>(List.of(type.getGenericInterfaces()));
    if (type.getGenericSuperclass() != null) {
      above.add(type.getGenericSuperclass());
    }
    for (Type parent : above) {
      if (!(parent instanceof ParameterizedType generic) || !(generic.getRawType() instanceof Class<?> raw)) {
        if (parent instanceof Class<?> plain && State.class.isAssignableFrom(plain)) {
          return argumentOfState(plain, known);
        }
        continue;
      }
      Map<TypeVariable<?>, Type> bound = new HashMap<>();
      for (int i = 0; i < raw.getTypeParameters().length; i++) {
        Type argument = generic.getActualTypeArguments()[i];
        bound.put(raw.getTypeParameters()[i], known.getOrDefault(argument, argument));
      }
      if (raw == State.class) {
        return bound.get(State.class.getTypeParameters()[1]);
      }
      if (State.class.isAssignableFrom(raw)) {
        return argumentOfState(raw, bound);
      }
    }
    throw new IllegalArgumentException(type + " does not say what may follow it");
  }
}
