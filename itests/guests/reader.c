/* Reads a volume of two files in a loop and says what it saw.
 *
 *   reader DIRECTORY SECONDS
 *
 * Each file is one line of a version repeated without end: "17 17 17 ...". A file whose words are not all the same was torn;
 * two files that were opened in the same directory and differ were mixed; what could not be opened was gone for a moment.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char text[1 << 20];

/* The version that the open file holds; -1: torn, -2: empty or unreadable. Closes it. */
static long version(int fd) {
  size_t length = 0;
  ssize_t n;
  while ((n = read(fd, text + length, sizeof text - 1 - length)) > 0) length += n;
  close(fd);
  text[length] = 0;
  if (n < 0 || !length) return -2;
  char *at = text;
  long first = strtol(at, &at, 10);
  if (strcmp(text + length - 4, "end\n")) return -1;
  while (*at == ' ' && at[1] != 'e') {
    if (strtol(at, &at, 10) != first) return -1;
  }
  return strcmp(at, " end\n") ? -1 : first;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  char path[256];
  long reads = 0, torn = 0, mixed = 0, gone = 0, versions = 0, last = -3;
  time_t end = time(0) + atol(argv[2]);
  printf("reading\n");
  fflush(stdout);
  while (time(0) < end) {
    snprintf(path, sizeof path, "%s/one", argv[1]);
    int fd = open(path, O_RDONLY);
    long seen = fd < 0 ? -2 : version(fd);
    if (seen == -2) gone++;
    else if (seen == -1) torn++;
    else if (seen != last) versions++, last = seen;
    snprintf(path, sizeof path, "%s/..data", argv[1]);
    int data = open(path, O_RDONLY | O_DIRECTORY);
    int one = data < 0 ? -1 : openat(data, "one", O_RDONLY);
    int two = data < 0 ? -1 : openat(data, "two", O_RDONLY);
    if (one < 0 || two < 0) {
      gone++;
      if (one >= 0) close(one);
      if (two >= 0) close(two);
    } else {
      long a = version(one), b = version(two);
      if (a == -1 || b == -1) torn++;
      else if (a != b) mixed++;
    }
    if (data >= 0) close(data);
    reads++;
  }
  printf("reads=%ld torn=%ld mixed=%ld gone=%ld versions=%ld\n", reads, torn, mixed, gone, versions);
  return torn || mixed ? 1 : 0;
}
