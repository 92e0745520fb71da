/* Waits until a file is there that says that it is to stop, then ends with a code of its own.
 *
 *   stopped FILE CODE     says "waiting" at first, "told" when the file is there
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 3) {
    return 2;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (access(argv[1], F_OK) == 0) {
    puts("told too early");
    return 3;
  }
  puts("waiting");
  struct timespec pause = {0, 20 * 1000 * 1000};
  while (access(argv[1], F_OK) != 0) {
    nanosleep(&pause, NULL);
  }
  puts("told");
  return atoi(argv[2]);
}
