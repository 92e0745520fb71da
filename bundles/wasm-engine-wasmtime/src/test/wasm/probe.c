// One program with many commands, so that the tests need one module only: the first argument says what to do.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static long long now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int hello(int argc, char **argv) {
  for (int i = 2; i < argc; i++) printf("arg %s\n", argv[i]);
  printf("env %s\n", getenv("GREETING") ? getenv("GREETING") : "(none)");
  FILE *file = fopen("/data/in.txt", "r");
  char line[100] = "";
  if (file && fgets(line, sizeof line, file)) printf("file %s\n", line);
  fprintf(stderr, "to stderr\n");
  return 7;
}

static int memory(void) {
  long mebibytes = 0;
  while (mebibytes < 4096) {
    char *volatile block = malloc(1 << 20);
    if (!block) break;
    block[0] = 1;
    mebibytes++;
  }
  printf("%ld\n", mebibytes);
  return 0;
}

// Each change of a read-only directory has to fail.
static int readonly(void) {
  char line[100] = "";
  FILE *file = fopen("/ro/in.txt", "r");
  if (!file || !fgets(line, sizeof line, file)) printf("cannot read: %d\n", errno);
  DIR *directory = opendir("/ro");
  int entries = 0;
  while (directory && readdir(directory)) entries++;
  if (entries < 1) printf("cannot list\n");
  if (open("/ro/new", O_CREAT | O_WRONLY, 0644) >= 0) printf("created\n");
  int writing = open("/ro/in.txt", O_WRONLY);
  if (writing >= 0 && write(writing, "x", 1) >= 0) printf("written\n");
  if (open("/ro/in.txt", O_RDONLY | O_TRUNC) >= 0) printf("truncated\n");
  if (unlink("/ro/in.txt") == 0) printf("unlinked\n");
  if (mkdir("/ro/dir", 0755) == 0) printf("made a directory\n");
  if (rename("/ro/in.txt", "/ro/out.txt") == 0) printf("renamed\n");
  if (link("/ro/in.txt", "/ro/link") == 0) printf("linked\n");
  if (symlink("in.txt", "/ro/symlink") == 0) printf("symlinked\n");
  struct timespec times[2] = {{1, 0}, {1, 0}};
  if (utimensat(AT_FDCWD, "/ro/in.txt", times, 0) == 0) printf("set times\n");
  if (open("/ro/../../etc/passwd", O_RDONLY) >= 0) printf("escaped by ..\n");
  if (open("/ro/way-out/passwd", O_RDONLY) >= 0) printf("escaped by a link\n");
  FILE *out = fopen("/data/written.txt", "w");
  if (!out || fputs("written", out) < 0 || fclose(out)) printf("cannot write to /data: %d\n", errno);
  printf("read %s\n", line);
  return 0;
}

static int input(void) {
  char byte;
  ssize_t got = read(0, &byte, 1);
  printf("read %zd\n", got);
  return 0;
}

static int clocks(void) {
  long long last = 0;
  for (int i = 0; i < 5000000; i++) {
    long long t = now(CLOCK_MONOTONIC);
    if (t < last) return 1;
    last = t;
  }
  return 0;
}

static int napping(long milliseconds) {
  long long start = now(CLOCK_MONOTONIC);
  struct timespec t = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  if (nanosleep(&t, 0)) return 1;
  printf("%lld\n", (now(CLOCK_MONOTONIC) - start) / 1000000);
  return 0;
}

/* Does to the descriptor by which the host wakes it what it can; then sleeps. */
static int unhanging(long milliseconds) {
  int bell = 1 << 30;
  char one = 1;
  if (write(bell, &one, 1) >= 0 || read(bell, &one, 1) >= 0) return 2;
  if (close(bell)) return 3;
  return napping(milliseconds);
}

static int polling(void) {
  struct pollfd in = {0, POLLIN, 0};
  printf("stdin %d", poll(&in, 1, 100000));
  printf(" %d\n", (in.revents & (POLLIN | POLLHUP)) != 0);
  struct pollfd out = {1, POLLOUT, 0};
  printf("stdout %d", poll(&out, 1, 100000));
  printf(" %d\n", (out.revents & POLLOUT) != 0);
  struct pollfd file = {open("/data/in.txt", O_RDONLY), POLLIN, 0};
  printf("file %d", poll(&file, 1, 100000));
  printf(" %d\n", (file.revents & POLLIN) != 0);
  struct pollfd bad = {99, POLLIN, 0};
  printf("bad %d", poll(&bad, 1, 100000));
  printf(" %d\n", (bad.revents & POLLNVAL) != 0);
  return 0;
}

// Standard output is full.
static int waiting(void) {
  struct pollfd out = {1, POLLOUT, 0};
  if (poll(&out, 1, 60) != 0) return 1;
  return poll(&out, 1, -1) == 1 && out.revents == POLLOUT ? 7 : 2;
}

// What is no file cannot be opened, but looked at.
static int special(int argc, char **argv) {
  static const int ways[] = {O_RDONLY, O_WRONLY, O_RDWR, O_RDONLY | O_NONBLOCK, O_RDWR | O_CREAT, O_WRONLY | O_TRUNC};
  for (int i = 2; i < argc; i++) {
    printf("%s", argv[i]);
    for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
      errno = 0;
      int fd = open(argv[i], ways[way], 0644);
      if (fd >= 0) close(fd);
      printf(" %d", fd >= 0 ? 0 : errno);
    }
    struct stat seen;
    printf(" %d\n", stat(argv[i], &seen));
  }
  return 0;
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  if (!strcmp(what, "hello")) return hello(argc, argv);
  if (!strcmp(what, "exit")) exit(atoi(argv[2]));
  if (!strcmp(what, "memory")) return memory();
  if (!strcmp(what, "readonly")) return readonly();
  if (!strcmp(what, "input")) return input();
  if (!strcmp(what, "clocks")) return clocks();
  if (!strcmp(what, "sleep")) return napping(atol(argv[2]));
  if (!strcmp(what, "unhang")) return unhanging(atol(argv[2]));
  if (!strcmp(what, "poll")) return polling();
  if (!strcmp(what, "wait")) return waiting();
  if (!strcmp(what, "special")) return special(argc, argv);
  fprintf(stderr, "what?\n");
  return 99;
}
