package io.bundlet.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
  private static final long GI = 1L << 30;

  @TempDir private Path root;

  private void file(String path, String content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private Machine machine(int processors) {
    return Machine.of(root, processors, root);
  }

  @Test
  void isAsLargeAsTheKernelSays() throws IOException {
    file("proc/meminfo", "MemTotal:        8388608 kB\nMemFree: 1 kB\nHugetlb:           2048 kB\n");
    assertEquals(
        new Machine(4000, 8 * GI, 2 << 20, Files.getFileStore(root).getTotalSpace()), machine(4));
  }

  @Test
  void aLimitOfAnyGroupAroundTheProcessCounts() throws IOException {
    file("proc/meminfo", "MemTotal: 8388608 kB\n");
    file("proc/self/cgroup", "0::/system.slice/node.service\n");
    file("sys/fs/cgroup/system.slice/memory.max", "2147483648\n");
    file("sys/fs/cgroup/system.slice/cpu.max", "max 100000\n");
    file("sys/fs/cgroup/system.slice/node.service/memory.max", "max\n");
    file("sys/fs/cgroup/system.slice/node.service/cpu.max", "150000 100000\n");
    assertEquals(2 * GI, machine(4).memoryBytes());
    assertEquals(1500, machine(4).cpuMillis());
    assertEquals(1000, machine(1).cpuMillis(), "a limit is no gift");
  }

  @Test
  void theFirstVersionOfControlGroupsIsReadToo() throws IOException {
    file("proc/meminfo", "MemTotal: 8388608 kB\n");
    file("proc/self/cgroup", "4:memory:/a/b\n2:cpu,cpuacct:/c\n1:name=systemd:/\n");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    file("sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "1073741824\n");
    file("sys/fs/cgroup/cpu/c/cpu.cfs_quota_us", "50000\n");
    file("sys/fs/cgroup/cpu/c/cpu.cfs_period_us", "100000\n");
    assertEquals(GI, machine(2).memoryBytes());
    assertEquals(500, machine(2).cpuMillis());
  }

  @Test
  void noLimitIsNone() throws IOException {
    file("proc/meminfo", "MemTotal: 8388608 kB\n");
    file("proc/self/cgroup", "junk\n4:memory:/\n2:cpu:/../../outside\n");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
    file("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    assertEquals(8 * GI, machine(2).memoryBytes());
    assertEquals(2000, machine(2).cpuMillis());
  }

  @Test
  void aKernelThatSaysNothingIsNoFailure() {
    Machine unknown = machine(2);
    assertEquals(2000, unknown.cpuMillis());
    assertTrue(unknown.memoryBytes() > 0);
  }
}
