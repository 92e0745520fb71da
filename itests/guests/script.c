/* Does the steps of a script, one step an argument; the scripted provider's words that make sense for a module.
 *
 *   say TEXT, complain TEXT, env NAME, cat PATH, ls PATH, write PATH TEXT, sleep MILLIS, run, exit CODE
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(1);
}

static void cat(const char *path) {
  char line[4096];
  FILE *file = fopen(path, "r");
  if (!file) fail(path);
  while (fgets(line, sizeof line, file)) {
    line[strcspn(line, "\n")] = 0;
    printf("%s: %s\n", path, line);
  }
  fclose(file);
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void ls(const char *path) {
  char *names[256];
  int count = 0;
  DIR *directory = opendir(path);
  if (!directory) fail(path);
  for (struct dirent *entry; (entry = readdir(directory)) && count < 256;) {
    if (entry->d_name[0] != '.') names[count++] = strdup(entry->d_name);
  }
  closedir(directory);
  qsort(names, count, sizeof *names, by_name);
  printf("%s:", path);
  for (int i = 0; i < count; i++) printf(" %s", names[i]);
  printf("\n");
}

static void put(const char *words) {
  char path[4096];
  const char *space = strchr(words, ' ');
  size_t length = space ? (size_t)(space - words) : strlen(words);
  if (length >= sizeof path) exit(2);
  memcpy(path, words, length);
  path[length] = 0;
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (fd < 0) fail(path);
  const char *text = space ? space + 1 : "";
  if (write(fd, text, strlen(text)) != (ssize_t)strlen(text)) fail(path);
  close(fd);
}

static void pause_for(long millis) {
  struct timespec pause = {millis / 1000, millis % 1000 * 1000000};
  nanosleep(&pause, NULL);
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    char word[16];
    const char *rest = strchr(argv[i], ' ');
    size_t length = rest ? (size_t)(rest - argv[i]) : strlen(argv[i]);
    if (length >= sizeof word) return 127;
    memcpy(word, argv[i], length);
    word[length] = 0;
    rest = rest ? rest + 1 : "";
    if (!strcmp(word, "say")) printf("%s\n", rest);
    else if (!strcmp(word, "complain")) fprintf(stderr, "%s\n", rest);
    else if (!strcmp(word, "env")) {
      const char *value = getenv(rest);
      printf(value ? "%s=%s\n" : "%s is not set\n", rest, value);
    } else if (!strcmp(word, "cat")) cat(rest);
    else if (!strcmp(word, "ls")) ls(rest);
    else if (!strcmp(word, "write")) put(rest);
    else if (!strcmp(word, "sleep")) pause_for(atol(rest));
    else if (!strcmp(word, "run")) for (;;) pause_for(3600 * 1000);
    else if (!strcmp(word, "exit")) return atoi(rest);
    else if (strcmp(word, "stop")) return 127;
    fflush(stdout);
  }
  return 0;
}
