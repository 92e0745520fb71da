package io.bundlet.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class PriorityTest {
  private static int niceness() throws Exception {
    String stat = Files.readString(Path.of("/proc/thread-self/stat"));
    // After the name in brackets, which may hold blanks: field 19 of proc(5), the third being the first one here.
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
  }

  @Test
  void lowersTheCallingThreadAndNoOther() throws Exception {
    int before = niceness();
    FutureTask<Integer> task =
        new FutureTask<>(
            () -> {
              Priority.nice(15);
              return niceness();
            });
    Thread.ofPlatform().start(task);
    assertEquals(15, task.get());
    assertEquals(before, niceness());
  }
}
