/* Says numbered lines in bursts, and a last one that is cut off.
 *
 *   chatter NONCE COUNT BURST MILLIS     "NONCE n" for n from 0 to COUNT - 1; after each BURST lines a pause
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "usage: chatter NONCE COUNT BURST MILLIS\n");
    return 2;
  }
  long count = atol(argv[2]);
  long burst = atol(argv[3]);
  long millis = atol(argv[4]);
  struct timespec pause = {millis / 1000, millis % 1000 * 1000000};
  for (long n = 0; n < count; n++) {
    printf("%s %ld\n", argv[1], n);
    if (n % burst == burst - 1) {
      fflush(stdout);
      nanosleep(&pause, NULL);
    }
  }
  printf("%s end", argv[1]);
  return 0;
}
