/* Put before the C library by LD_PRELOAD: the wall clock of this process is moved by as many nanoseconds as stand, as
   eight bytes of this machine's order, in the file that MOVED_CLOCK names. Other clocks are left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const int64_t SECOND = 1000000000;
static volatile const int64_t *moved;
static int (*real)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
  real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  const char *name = getenv("MOVED_CLOCK");
  int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
  if (file >= 0) {
    void *at = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
    moved = at == MAP_FAILED ? NULL : at;
    close(file);
  }
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  if (!real) {
    begin(); /* somebody's constructor came first */
  }
  int result = real(clock, now);
  if (result == 0 && moved && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    int64_t by = *moved;
    int64_t nanos = now->tv_nsec + by % SECOND;
    now->tv_sec += by / SECOND + (nanos >= SECOND) - (nanos < 0);
    now->tv_nsec = nanos >= SECOND ? nanos - SECOND : nanos < 0 ? nanos + SECOND : nanos;
  }
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec exact;
  (void)zone;
  int result = clock_gettime(CLOCK_REALTIME, &exact);
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return result;
}

time_t time(time_t *at) {
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  if (at) {
    *at = exact.tv_sec;
  }
  return exact.tv_sec;
}
