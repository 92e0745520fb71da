/* Leaves a line in FILE, in one write; then ends with CODE, or waits for ever if there is none.
 *
 *   starts FILE [CODE]
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  char line[256];
  const char *nonce = getenv("NONCE");
  if (argc < 2) return 2;
  int fd = open(argv[1], O_WRONLY | O_CREAT | O_APPEND, 0666);
  if (fd < 0) {
    perror(argv[1]);
    return 2;
  }
  snprintf(line, sizeof line, "start %s\n", nonce ? nonce : "");
  if (write(fd, line, strlen(line)) != (long)strlen(line)) return 2;
  close(fd);
  printf("started\n");
  fflush(stdout);
  if (argc > 2) return atoi(argv[2]);
  struct timespec pause = {3600, 0};
  for (;;) nanosleep(&pause, NULL);
}
