// What the probes share: their words to the outside, and short ways to do what is not being tried out.
#pragma once
#include "wasi.h"

// The mounts that the test gives: one to change, another one, one that is read-only.
extern u32 rw, rw2, ro;
// What the test says to this run and nobody can know before.
extern const char *token;

void kit_begin(void);
int argument_count(void);
const char *argument(int index);
const char *variable(const char *name);

void *memcpy(void *to, const void *from, size_t length);
void *memset(void *to, int value, size_t length);
size_t length_of(const char *text);
int same(const void *a, const void *b, size_t length);
int equal(const char *a, const char *b);
u64 number(const char *text);
u64 load(const void *at, int bytes);
void store(void *at, u64 value, int bytes);

// Writes pieces of a line on standard output; end() ends it.
void say(const char *text);
void say_number(uint64_t value);
void end(void);

// One function of WASI is tried out: begin, expectations, and a line that says how it went.
void begin(const char *function);
void expect(const char *what, u64 wanted, u64 got);
void holds(const char *what, int so);
// Expects the error of a bad address, or of a number that is none of its type. Not where the test says, by BAD=trap,
// that such a call ends the guest.
#define expect_bad(what, wanted, call) \
  do { \
    if (bad_is_told()) expect(what, wanted, call); \
  } while (0)
int bad_is_told(void);
void finish(void);

u32 open_in(u32 directory, const char *path, u32 how, u64 rights, u32 *fd);
u32 file(const char *path, const char *content);
u32 content_is(u32 fd, const char *wanted);
u32 put(u32 fd, const char *text);
u32 type_of(u32 directory, const char *path);
// Reads a filestat, having filled what comes after it; says whether that was left alone.
int decode(const u8 *raw, filestat *into);
u32 stat_of(u32 fd, filestat *into);
