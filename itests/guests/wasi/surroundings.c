// Arguments, variables, clocks, chance, waiting, sockets: all functions that are not about files.
#include "probes.h"

static const u64 SECOND = 1000000000;

static void tries_args_sizes_get(void) {
  u32 count = 0, size = 0;
  expect("asked", SUCCESS, args_sizes_get(&count, &size));
  expect("count", number(variable("ARGUMENTS")), count);
  expect("size", number(variable("ARGUMENTS_SIZE")), size);
  expect_bad("address past the end", FAULT, args_sizes_get(NOWHERE, &size));
}

static void tries_args_get(void) {
  static char *pointers[33], texts[8200];
  u32 count = 0, size = 0;
  args_sizes_get(&count, &size);
  memset(pointers, 0xa5, sizeof pointers);
  memset(texts, 0xa5, sizeof texts);
  expect("asked", SUCCESS, args_get(pointers, texts));
  holds("the token is no argument", count > 1 && equal(pointers[1], token));
  holds("the last argument is another one", count > 1 && equal(pointers[count - 1], "the last, with \xc3\xa4"));
  expect("after the last pointer", 0xa5a5a5a5, load(&pointers[count], 4));
  expect("after the last text", 0xa5, load(texts + size, 1));
  expect_bad("address past the end", FAULT, args_get(pointers, NOWHERE));
}

static void tries_environ_sizes_get(void) {
  u32 count = 0, size = 0;
  expect("asked", SUCCESS, environ_sizes_get(&count, &size));
  holds("too few", count >= 4);
  holds("too small", size >= length_of(token) + 7);
  expect_bad("address past the end", FAULT, environ_sizes_get(&count, NOWHERE));
}

static void tries_environ_get(void) {
  static char *pointers[257], texts[65600];
  u32 count = 0, size = 0;
  environ_sizes_get(&count, &size);
  memset(texts, 0xa5, sizeof texts);
  expect("asked", SUCCESS, environ_get(pointers, texts));
  int found = 0;
  for (u32 i = 0; i < count; i++)
    found += same(pointers[i], "TOKEN=", 6) && equal(pointers[i] + 6, argument(1));
  expect("TOKEN is the first argument", 1, (u64)found);
  expect("after the last text", 0xa5, load(texts + size, 1));
  expect_bad("address past the end", FAULT, environ_get(NOWHERE, texts));
}

static void tries_clock_res_get(void) {
  u64 nanos = 0;
  static const char *const names[] = {"wall clock", "monotonic clock", "clock of the process", "clock of the thread"};
  for (u32 clock = 0; clock < 4; clock++) {
    nanos = 0;
    expect(names[clock], SUCCESS, clock_res_get(clock, &nanos));
  }
  clock_res_get(0, &nanos);
  holds("the wall clock's resolution", nanos > 0 && nanos <= SECOND);
  expect_bad("clock 4", INVAL, clock_res_get(4, &nanos));
  expect_bad("address past the end", FAULT, clock_res_get(0, NOWHERE));
}

static u64 now(u32 clock) {
  u64 nanos = 0;
  return clock_time_get(clock, 1, &nanos) ? 0 : nanos;
}

static void busy(void) {
  for (volatile u32 i = 0; i < 3000000; i++);
}

static void tries_clock_time_get(void) {
  u64 nanos = 0;
  expect("wall clock", SUCCESS, clock_time_get(0, 1, &nanos));
  u64 expected = number(variable("NOW"));
  holds("the wall clock is an hour off", nanos / SECOND > expected - 3600 && nanos / SECOND < expected + 3600);
  u64 before = now(1);
  busy();
  holds("the monotonic clock does not go forward", before > 0 && now(1) > before);
  for (u32 clock = 2; clock < 4; clock++) {
    expect(clock == 2 ? "clock of the process" : "clock of the thread", SUCCESS, clock_time_get(clock, 1, &nanos));
    u64 used = now(clock);
    busy();
    holds("work takes no time of the processor", now(clock) > used);
  }
  expect_bad("clock 4", INVAL, clock_time_get(4, 1, &nanos));
  expect_bad("address past the end", FAULT, clock_time_get(0, 1, NOWHERE));
}

static void tries_random_get(void) {
  static u8 a[300], b[300];
  memset(a, 0, sizeof a);
  memset(b, 0, sizeof b);
  expect("asked", SUCCESS, random_get(a, 296));
  expect("asked again", SUCCESS, random_get(b, 296));
  holds("twice the same", !same(a, b, 296));
  int zeros = 0;
  for (int i = 0; i < 296; i++) zeros += a[i] == 0;
  holds("many zeros", zeros < 20);
  expect("after the end", 0, load(a + 296, 4));
  expect("no bytes", SUCCESS, random_get(a, 0));
  expect_bad("address past the end", FAULT, random_get(NOWHERE, 100));
}

static void tries_sched_yield(void) {
  for (int i = 0; i < 100; i++) expect("asked", SUCCESS, sched_yield());
}

static void timer(u8 *at, u64 userdata, u64 nanos, u32 clock, u32 absolute) {
  memset(at, 0, SUBSCRIPTION_SIZE);
  store(at, userdata, 8);
  store(at + CLOCK_AT, clock, 4);
  store(at + CLOCK_AT + 8, nanos, 8);
  store(at + CLOCK_AT + 24, absolute, 2);
}

static void ready(u8 *at, u64 userdata, u32 fd, int to_write) {
  memset(at, 0, SUBSCRIPTION_SIZE);
  store(at, userdata, 8);
  at[8] = to_write ? 2 : 1;
  store(at + 16, fd, 4);
}

static void tries_poll_oneoff(void) {
  static u8 in[3 * SUBSCRIPTION_SIZE], out[3 * EVENT_SIZE];
  u32 count = 0;
  u64 start = now(1);
  timer(in, 77, 30000000, 1, 0);
  expect("30 ms", SUCCESS, poll_oneoff(in, out, 1, &count));
  holds("back too early", now(1) - start >= 30000000);
  holds("the event", count == 1 && load(out, 8) == 77 && load(out + 8, 2) == 0 && out[10] == 0);
  start = now(1);
  timer(in, 78, start + 20000000, 1, 1);
  expect("until a time", SUCCESS, poll_oneoff(in, out, 1, &count));
  holds("back before that time", count == 1 && load(out, 8) == 78 && now(1) >= start + 20000000);
  start = now(1);
  timer(in, 79, now(0) + 20000000, 0, 1);
  expect("until a time of the wall clock", SUCCESS, poll_oneoff(in, out, 1, &count));
  holds("back before that time of the wall clock", count == 1 && load(out, 8) == 79 && now(1) - start >= 15000000);
  start = now(1);
  timer(in, 1, 100 * SECOND, 1, 0);
  ready(in + SUBSCRIPTION_SIZE, 2, 1, 1);
  timer(in + 2 * SUBSCRIPTION_SIZE, 3, 90 * SECOND, 1, 0);
  expect("a stream among timers", SUCCESS, poll_oneoff(in, out, 3, &count));
  holds("only the stream", count == 1 && load(out, 8) == 2 && load(out + 8, 2) == 0 && out[10] == 2);
  timer(in, 1, 20000000, 1, 0);
  timer(in + SUBSCRIPTION_SIZE, 2, 50 * SECOND, 1, 0);
  expect("two timers", SUCCESS, poll_oneoff(in, out, 2, &count));
  holds("only the first timer", count == 1 && load(out, 8) == 1);
  u32 fd = file("polled", "x");
  ready(in, 5, fd, 0);
  ready(in + SUBSCRIPTION_SIZE, 6, fd, 1);
  expect("a file both ways", SUCCESS, poll_oneoff(in, out, 2, &count));
  holds("both", count == 2 && load(out, 8) + load(out + EVENT_SIZE, 8) == 11);
  holds("it took too long", now(1) - start < 30 * SECOND);
  ready(in, 9, CLOSED, 0);
  expect("closed", SUCCESS, poll_oneoff(in, out, 1, &count));
  holds("its event", count == 1 && load(out, 8) == 9);
  expect("its error", BADF, load(out + 8, 2));
  expect("nothing", INVAL, poll_oneoff(in, out, 0, &count));
  expect_bad("address past the end", FAULT, poll_oneoff(NOWHERE, out, 1, &count));
  fd_close(fd);
}

#ifndef UNSTABLE
static void tries_sock_accept(void) {
  u32 accepted = 0, fd = file("socket", "");
  expect("a file", NOTSOCK, sock_accept(fd, 0, &accepted));
  expect("closed", BADF, sock_accept(CLOSED, 0, &accepted));
  fd_close(fd);
}
#endif

static void tries_sock_recv(void) {
  char got[4];
  piece in = {got, sizeof got};
  u32 length = 0, fd = file("socket", "");
  u16 flags = 0;
  expect("a file", NOTSOCK, sock_recv(fd, &in, 1, 0, &length, &flags));
  expect("closed", BADF, sock_recv(CLOSED, &in, 1, 0, &length, &flags));
  fd_close(fd);
}

static void tries_sock_send(void) {
  piece out = {"four", 4};
  u32 length = 0, fd = file("socket", "");
  expect("a file", NOTSOCK, sock_send(fd, &out, 1, 0, &length));
  expect("closed", BADF, sock_send(CLOSED, &out, 1, 0, &length));
  expect("nothing written", SUCCESS, content_is(fd, ""));
  fd_close(fd);
}

static void tries_sock_shutdown(void) {
  u32 fd = file("socket", "");
  expect("a file", NOTSOCK, sock_shutdown(fd, 3));
  expect("closed", BADF, sock_shutdown(CLOSED, 3));
  fd_close(fd);
}

const probe surroundings[] = {
  {"args_get", tries_args_get},
  {"args_sizes_get", tries_args_sizes_get},
  {"environ_get", tries_environ_get},
  {"environ_sizes_get", tries_environ_sizes_get},
  {"clock_res_get", tries_clock_res_get},
  {"clock_time_get", tries_clock_time_get},
  {"random_get", tries_random_get},
  {"sched_yield", tries_sched_yield},
  {"poll_oneoff", tries_poll_oneoff},
#ifndef UNSTABLE
  {"sock_accept", tries_sock_accept},
#endif
  {"sock_recv", tries_sock_recv},
  {"sock_send", tries_sock_send},
  {"sock_shutdown", tries_sock_shutdown},
  NONE_LEFT,
};
