/* Answers on the sockets that it is given, which listen: each line comes back behind the name of its socket.
 *
 *   listener             serves one connection after the other, on all sockets, until it is killed; "bye" ends a connection
 *   listener accept      waits for a connection in accept
 *   listener read        accepts one, says so, and waits for what it never gets
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST 3
#define MOST 16

static char names[1024];
static char *name[MOST];
static char buffer[64 << 10];

static int say(int connection, const char *text, size_t length) {
  while (length > 0) {
    ssize_t sent = send(connection, text, length, 0);
    if (sent < 0) {
      fprintf(stderr, "send: %s\n", strerror(errno));
      return -1;
    }
    text += sent;
    length -= sent;
  }
  return 0;
}

static void serve(int connection, const char *as) {
  char peeked;
  size_t have = 0;
  while (recv(connection, &peeked, 1, MSG_PEEK) == 1) {
    ssize_t more = recv(connection, buffer + have, sizeof buffer - 1 - have, 0);
    if (more <= 0) {
      break;
    }
    have += more;
    char *end;
    while ((end = memchr(buffer, '\n', have)) != NULL) {
      size_t line = end + 1 - buffer;
      if (line == 4 && memcmp(buffer, "bye", 3) == 0) {
        shutdown(connection, SHUT_WR);
      } else if (say(connection, as, strlen(as)) < 0 || say(connection, ": ", 2) < 0 || say(connection, buffer, line) < 0) {
        return;
      }
      have -= line;
      memmove(buffer, end + 1, have);
    }
    if (have == sizeof buffer - 1) {
      say(connection, "too long\n", 9);
      return;
    }
  }
}

static int next(int listening) {
  int connection = accept(listening, NULL, NULL);
  if (connection < 0) {
    printf("accept: %s\n", strerror(errno));
    exit(3);
  }
  return connection;
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
  const char *many = getenv("LISTEN_FDS");
  const char *given = getenv("LISTEN_FDNAMES");
  if (many == NULL || given == NULL || strlen(given) >= sizeof names) {
    printf("no sockets\n");
    return 2;
  }
  int count = atoi(many);
  strcpy(names, given);
  struct pollfd polled[MOST];
  char *part = strtok(names, ":");
  for (int i = 0; i < count && i < MOST && part != NULL; i++, part = strtok(NULL, ":")) {
    struct stat details;
    if (fstat(FIRST + i, &details) != 0 || !S_ISSOCK(details.st_mode)) {
      printf("%d is no socket\n", FIRST + i);
      return 2;
    }
    name[i] = part;
    polled[i] = (struct pollfd){.fd = FIRST + i, .events = POLLIN};
  }
  printf("listens at %d sockets: %s\n", count, given);
  FILE *file = fopen("/data/greeting", "r");
  if (file != NULL && fgets(buffer, sizeof buffer, file) != NULL) {
    printf("and sees: %s\n", buffer);
  }
  if (argc > 1) {
    int connection = next(FIRST);
    if (strcmp(argv[1], "read") == 0) {
      printf("accepted\n");
      printf("got %zd\n", recv(connection, buffer, sizeof buffer, MSG_WAITALL));
    }
    return 0;
  }
  while (1) {
    if (poll(polled, count, -1) < 0) {
      printf("poll: %s\n", strerror(errno));
      return 3;
    }
    for (int i = 0; i < count; i++) {
      if (polled[i].revents != 0) {
        int connection = next(polled[i].fd);
        serve(connection, name[i]);
        close(connection);
      }
    }
  }
}
