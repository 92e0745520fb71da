package io.bundlet.statemachine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MachineTest {
  /** The object: a lamp with a script of what happens to it. */
  static final class Lamp {
    final List<String> entered = new ArrayList<>();
    Optional<String> stop = Optional.empty();
    RuntimeException defect;
    IOException failure;
    boolean interrupted;
    int blinks;
  }

  interface LampTransitions {
    sealed interface AfterOff extends Move<Lamp, IOException, String> permits On, Broken {}

    sealed interface AfterOn extends Move<Lamp, IOException, String> permits On, Off, Broken {}
  }

  interface LampState<N extends Move<Lamp, IOException, String>> extends State<Lamp, N, IOException, String> {}

  record Off() implements LampState<LampTransitions.AfterOff>, LampTransitions.AfterOn {
    @Override
    public LampTransitions.AfterOff next(Lamp lamp) throws IOException, StopRequested, InterruptedException {
      if (lamp.failure != null) {
        throw lamp.failure;
      }
      if (lamp.defect != null) {
        throw lamp.defect;
      }
      if (lamp.interrupted) {
        throw new InterruptedException();
      }
      return new On();
    }

    @Override
    public LampTransitions.AfterOff onFailure(Lamp lamp, IOException failure) {
      return new Broken(failure.getMessage());
    }

    @Override
    public LampTransitions.AfterOff onStop(Lamp lamp, String why) {
      return new Broken(why);
    }
  }

  record On() implements LampState<LampTransitions.AfterOn>, LampTransitions.AfterOff, LampTransitions.AfterOn {
    @Override
    public LampTransitions.AfterOn next(Lamp lamp) throws StopRequested {
      lamp.blinks++;
      if (lamp.blinks == 3) {
        lamp.stop = Optional.of("enough");
        throw new StopRequested();
      }
      return new On();
    }

    @Override
    public LampTransitions.AfterOn onFailure(Lamp lamp, IOException failure) {
      return new Broken(failure.getMessage());
    }

    @Override
    public LampTransitions.AfterOn onStop(Lamp lamp, String why) {
      return new Broken(why);
    }
  }

  record Broken(String why)
      implements FinalState<Lamp, IOException, String>, LampTransitions.AfterOff, LampTransitions.AfterOn {}

  private final Machine<Lamp, IOException, String> machine =
      new Machine<>(
          IOException.class,
          unexpected -> new IOException("defect: " + unexpected.getMessage()),
          lamp -> lamp.stop,
          (lamp, state) -> lamp.entered.add(state.getClass().getSimpleName()));

  @Test
  void goesWhereTheStatesSayAndTellsTheObserver() throws Exception {
    Lamp lamp = new Lamp();
    FinalState<Lamp, IOException, String> end = machine.run(new Off(), lamp);
    assertEquals("enough", assertInstanceOf(Broken.class, end).why());
    assertEquals(List.of("Off", "On", "On", "On", "Broken"), lamp.entered);
  }

  @Test
  void aFailureTakesTheStatesOwnWayOut() throws Exception {
    Lamp lamp = new Lamp();
    lamp.failure = new IOException("no current");
    assertEquals(new Broken("no current"), machine.run(new Off(), lamp));
  }

  @Test
  void anUnexpectedExceptionTakesTheSameWay() throws Exception {
    Lamp lamp = new Lamp();
    lamp.defect = new IllegalStateException("bulb");
    assertEquals(new Broken("defect: bulb"), machine.run(new Off(), lamp));
  }

  @Test
  void aStopThatIsAlreadyAskedForComesBeforeTheWork() throws Exception {
    Lamp lamp = new Lamp();
    lamp.stop = Optional.of("deleted");
    lamp.failure = new IOException("never reached");
    assertEquals(new Broken("deleted"), machine.run(new Off(), lamp));
  }

  @Test
  void anInterruptLeavesTheMachineWhereItIs() {
    Lamp lamp = new Lamp();
    lamp.interrupted = true;
    assertThrows(InterruptedException.class, () -> machine.run(new Off(), lamp));
    assertEquals(List.of("Off"), lamp.entered);
  }

  @Test
  void theGraphIsReadFromTheTypes() {
    Graph graph = Graph.from(Off.class);
    assertEquals(List.of(On.class, Broken.class), graph.moves().get(Off.class));
    assertEquals(List.of(On.class, Off.class, Broken.class), graph.moves().get(On.class));
    assertEquals(List.of(), graph.moves().get(Broken.class));
    assertEquals("Off    -> On, Broken\nOn     -> On, Off, Broken\nBroken\n", graph.text());
    assertTrue(graph.dot("lamp").contains("\"On\" -> \"On\";"), graph.dot("lamp"));
  }

  @Test
  void aMachineThatIsNotWellMadeHasNoGraph() {
    assertThrows(IllegalArgumentException.class, () -> Graph.from(String.class));
  }
}
