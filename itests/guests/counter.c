/* Counts for ever, a line every 50 ms: the number and milliseconds since it started.
 *
 *   counter [FILE]     FILE gets one line with NONCE at the start: each start leaves a trace
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (argc > 1) {
    FILE *file = fopen(argv[1], "a");
    if (!file) {
      perror(argv[1]);
      return 2;
    }
    const char *nonce = getenv("NONCE");
    fprintf(file, "start %s\n", nonce ? nonce : "");
    fclose(file);
  }
  long long start = now();
  struct timespec pause = {0, 50 * 1000 * 1000};
  for (long n = 0;; n++) {
    printf("%ld %lld\n", n, now() - start);
    fflush(stdout);
    nanosleep(&pause, NULL);
  }
}
