/* Sleeps for 10 seconds (or as many as its argument says) in one go. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv) {
  struct timespec pause = {argc > 1 ? atol(argv[1]) : 10, 0};
  printf("asleep\n");
  fflush(stdout);
  nanosleep(&pause, NULL);
  printf("awake\n");
  return 0;
}
