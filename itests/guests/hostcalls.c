/* Asks much of what is below it, to be timed from outside: prints a line before and after.
 *
 *   hostcalls clock TIMES            reads the monotonic clock so often
 *   hostcalls write FILE MEBIBYTES   writes so much in chunks of 64 KiB
 *   hostcalls read FILE              reads all of it in such chunks, and checks what it reads
 *   hostcalls idle HOURS             is blocked in one poll for so long
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CHUNK (64 << 10)

/* Not static: a guest that is idle has no need of it. */
static char *room(void) {
  char *chunk = malloc(CHUNK);
  if (!chunk) abort();
  return chunk;
}

static void say(const char *what) {
  printf("%s\n", what);
  fflush(stdout);
}

static int clocks(long times) {
  struct timespec now, last = {0, 0};
  say("begin");
  for (long i = 0; i < times; i++) {
    if (clock_gettime(CLOCK_MONOTONIC, &now)) return 1;
    if (now.tv_sec < last.tv_sec) return 3;
    last = now;
  }
  say("end");
  return 0;
}

static int writes(const char *path, long mebibytes) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (fd < 0) return 1;
  char *chunk = room();
  say("begin");
  for (long i = 0; i < mebibytes * 16; i++) {
    memset(chunk, (int)(i & 0x7f), 64);
    if (write(fd, chunk, CHUNK) != (ssize_t)CHUNK) return 1;
  }
  say("end");
  return close(fd) ? 1 : 0;
}

static int reads(const char *path) {
  int fd = open(path, O_RDONLY);
  if (fd < 0) return 1;
  char *chunk = room();
  say("begin");
  ssize_t n;
  for (long i = 0; (n = read(fd, chunk, CHUNK)) != 0; i++) {
    if (n != (ssize_t)CHUNK || chunk[0] != (char)(i & 0x7f)) return 1;
  }
  say("end");
  return close(fd) ? 1 : 0;
}

static int idle(long hours) {
  struct timespec pause = {hours * 3600, 0};
  say("idle");
  return nanosleep(&pause, NULL) ? 1 : 0;
}

int main(int argc, char **argv) {
  int failed = 2;
  if (argc == 3 && !strcmp(argv[1], "clock")) failed = clocks(atol(argv[2]));
  if (argc == 4 && !strcmp(argv[1], "write")) failed = writes(argv[2], atol(argv[3]));
  if (argc == 3 && !strcmp(argv[1], "read")) failed = reads(argv[2]);
  if (argc == 3 && !strcmp(argv[1], "idle")) failed = idle(atol(argv[2]));
  if (failed) perror("hostcalls");
  return failed;
}
