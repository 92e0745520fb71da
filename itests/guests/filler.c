/* Fills a file, says so, and stays.
 *
 *   filler FILE KIB
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int main(int argc, char **argv) {
  static char block[1024];
  if (argc < 3) return 2;
  FILE *file = fopen(argv[1], "w");
  if (!file) return 3;
  memset(block, 'x', sizeof block);
  for (long left = atol(argv[2]); left > 0; left--) {
    if (fwrite(block, sizeof block, 1, file) != 1) return 4;
  }
  if (fflush(file)) return 5;
  printf("wrote %s KiB\n", argv[2]);
  fflush(stdout);
  struct timespec moment = {1, 0};
  for (;;) nanosleep(&moment, 0);
}
