/* Reads a clock 50 million times (or as often as its argument says), and ends by itself. */
#include <stdio.h>
#include <stdlib.h>
#include <wasi/api.h>

int main(int argc, char **argv) {
  long times = argc > 1 ? atol(argv[1]) : 50 * 1000 * 1000;
  __wasi_timestamp_t first, last = 0;
  if (__wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1, &first)) return 1;
  printf("begin\n");
  fflush(stdout);
  for (long i = 0; i < times; i++) {
    if (__wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1, &last)) return 1;
  }
  printf("%ld readings, time went %s\n", times, last >= first ? "forward" : "backward");
  return 0;
}
