/* Waits for a file, and only then uses for the first time whatever of WASI it has not used yet; then waits for ever.
 *
 *   late-calls DIRECTORY     waits for DIRECTORY/go, works in DIRECTORY, says "late: all 16 calls work"
 *
 * While it waits it uses path_filestat_get, poll_oneoff and fd_write only.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char path[1024];
static const char *directory;
static int calls;

static const char *in(const char *name) {
  snprintf(path, sizeof path, "%s/%s", directory, name);
  return path;
}

static void check(int ok, const char *what) {
  if (!ok) {
    printf("late: %s failed: %s\n", what, strerror(errno));
    exit(1);
  }
  calls++;
}

int main(int argc, char **argv) {
  struct timespec pause = {0, 20 * 1000 * 1000};
  struct stat is;
  if (argc < 2) return 2;
  directory = argv[1];
  setvbuf(stdout, NULL, _IOLBF, 0);
  printf("waiting\n");
  while (stat(in("go"), &is)) nanosleep(&pause, NULL);

  char bytes[16], text[64], other[1024];
  struct timespec t;
  check(getentropy(bytes, sizeof bytes) == 0, "random_get");
  check(clock_getres(CLOCK_MONOTONIC, &t) == 0, "clock_res_get");
  check(clock_gettime(CLOCK_REALTIME, &t) == 0, "clock_time_get");
  check(sched_yield() == 0, "sched_yield");
  check(mkdir(in("late.dir"), 0777) == 0, "path_create_directory");
  int fd = open(in("late.dir/file"), O_RDWR | O_CREAT | O_TRUNC, 0666);
  check(fd >= 0, "path_open");
  check(write(fd, "late words", 10) == 10, "fd_write to a file");
  check(lseek(fd, 0, SEEK_SET) == 0, "fd_seek");
  check(read(fd, text, sizeof text) == 10 && !memcmp(text, "late words", 10), "fd_read");
  check(fstat(fd, &is) == 0 && is.st_size == 10, "fd_filestat_get");
  check(ftruncate(fd, 4) == 0, "fd_filestat_set_size");
  check(fsync(fd) == 0, "fd_sync");
  check(close(fd) == 0, "fd_close");
  snprintf(other, sizeof other, "%s/late.dir/renamed", directory);
  check(rename(in("late.dir/file"), other) == 0, "path_rename");
  int entries = 0;
  DIR *dir = opendir(in("late.dir"));
  if (dir) {
    for (struct dirent *entry; (entry = readdir(dir));) entries += entry->d_name[0] != '.';
    closedir(dir);
  }
  check(entries == 1, "fd_readdir");
  check(unlink(other) == 0 && rmdir(in("late.dir")) == 0, "path_unlink_file and path_remove_directory");
  printf("late: all %d calls work\n", calls);
  for (;;) nanosleep(&pause, NULL);
}
