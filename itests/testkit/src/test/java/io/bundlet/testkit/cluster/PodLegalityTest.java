package io.bundlet.testkit.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.testkit.cluster.ClusterWatcher.Kind;
import io.bundlet.testkit.cluster.ClusterWatcher.Update;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

class PodLegalityTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final String WAITING = status("Pending", "False", "10", "waiting: {reason: ContainerCreating}", 0, "");
  private static final String RUNNING = status("Running", "True", "12", "running: {startedAt: '12'}", 0, "a");
  private static final String ENDED =
      status("Succeeded", "False", "15",
          "terminated: {exitCode: 0, reason: Completed, startedAt: '12', finishedAt: '15'}", 0, "a");

  private static String status(String phase, String ready, String since, String state, int restarts, String id) {
    return """
        phase: %s
        startTime: '10'
        conditions:
        - {type: PodScheduled, status: 'True', lastTransitionTime: '10'}
        - {type: Initialized, status: 'True', lastTransitionTime: '10'}
        - {type: ContainersReady, status: '%s', lastTransitionTime: '%s'}
        - {type: Ready, status: '%s', lastTransitionTime: '%s'}
        containerStatuses:
        - {name: main, restartCount: %d, containerID: '%s', imageID: i, state: {%s}, lastState: {}}
        """.formatted(phase, ready, since, ready, since, restarts, id, state);
  }

  private static List<String> problems(String... statuses) {
    List<Update> life = new ArrayList<>();
    Stream.concat(Stream.of("phase: Pending\n"), Stream.of(statuses)).forEach(status -> life.add(new Update(
        Instant.EPOCH, Kind.PODS, "MODIFIED", YAML.readTree(
            "metadata: {name: p, uid: u}\nspec: {containers: [{name: main}]}\nstatus:\n" + status.indent(2)))));
    return PodLegality.problems(life);
  }

  @Test
  void aLifeAsItShouldBeHasNoProblems() {
    assertEquals(List.of(), problems(WAITING, WAITING, RUNNING, RUNNING, ENDED));
  }

  @Test
  void whatWasMayNotBeAgain() {
    assertTrue(problems(WAITING, RUNNING, ENDED, RUNNING).getFirst()
        .contains("went from phase Succeeded to Running"));
    assertTrue(problems(RUNNING, ENDED, RUNNING.replace("Running", "Succeeded")).stream()
        .anyMatch(problem -> problem.contains("runs again, but counts no restart")));
    assertTrue(problems(RUNNING.replace("restartCount: 0", "restartCount: 1"), RUNNING).stream()
        .anyMatch(problem -> problem.contains("restartCount went from 1 to 0")));
  }

  /** One word of the status that runs is exchanged, and the status follows the one that runs. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "startTime: '10'        | startTime: '11'            | startTime went from",
      "type: Initialized      | type: Something            | has no condition Initialized",
      "type: Initialized      | type: PodScheduled         | has a condition twice",
      "lastTransitionTime: '12' | lastTransitionTime: '13' | stayed True, but its transition went from",
      "phase: Running         | phase: Pending             | is ready in phase Pending",
      "'a'                    | 'b'                        | runs as another container",
      "'a'                    | ''                         | without startedAt, containerID or imageID",
      "startedAt: '12'        | startedAt: '13'            | of the same id went from",
      "state: {running: {startedAt: '12'}} | state: {}     | has 0 states",
      "restartCount: 0        | restartCount: 1            | how it had ended is not told",
      "name: main             | name: other                | lost the status of main"})
  void aStatusThatMayNotFollowIsFound(String what, String becomes, String problem) {
    String after = RUNNING.replace(what, becomes);
    assertTrue(problems(WAITING, RUNNING, after).stream().anyMatch(each -> each.contains(problem)),
        () -> problems(WAITING, RUNNING, after).toString());
  }
}
