#include "kit.h"

u32 rw, rw2, ro;
const char *token = "";

static char *arguments[32], *variables[256];
static char argument_texts[8192], variable_texts[65536];
static u32 arguments_given, variables_given;

static char line[8192], failures[4096];
static size_t said, failed;
static const char *tried;

// What the compiler makes calls of.
void *memcpy(void *to, const void *from, size_t length) {
  for (size_t i = 0; i < length; i++) ((volatile u8 *)to)[i] = ((const u8 *)from)[i];
  return to;
}

void *memset(void *to, int value, size_t length) {
  for (size_t i = 0; i < length; i++) ((volatile u8 *)to)[i] = (u8)value;
  return to;
}

size_t length_of(const char *text) {
  size_t length = 0;
  while (text[length]) length++;
  return length;
}

int same(const void *a, const void *b, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (((const u8 *)a)[i] != ((const u8 *)b)[i]) return 0;
  return 1;
}

int equal(const char *a, const char *b) {
  size_t length = length_of(a);
  return length == length_of(b) && same(a, b, length);
}

u64 number(const char *text) {
  u64 value = 0;
  for (; *text >= '0' && *text <= '9'; text++) value = value * 10 + (u64)(*text - '0');
  return value;
}

u64 load(const void *at, int bytes) {
  u64 value = 0;
  for (int i = bytes - 1; i >= 0; i--) value = value << 8 | ((const u8 *)at)[i];
  return value;
}

void store(void *at, u64 value, int bytes) {
  for (int i = 0; i < bytes; i++) ((u8 *)at)[i] = (u8)(value >> 8 * i);
}

void say(const char *text) {
  for (; *text && said < sizeof line - 1; text++) line[said++] = *text;
}

static char *decimal(u64 value, char digits[24]) {
  char *at = digits + 23;
  *at = 0;
  do *--at = (char)('0' + value % 10);
  while (value /= 10);
  return at;
}

void say_number(u64 value) {
  char digits[24];
  say(decimal(value, digits));
}

void end(void) {
  line[said++] = '\n';
  for (size_t at = 0; at < said;) {
    piece out = {line + at, said - at};
    u32 written = 0;
    if (fd_write(1, &out, 1, &written)) __builtin_trap();
    at += written;
  }
  said = 0;
}

static void note(const char *text) {
  for (; *text && failed < sizeof failures - 1; text++) failures[failed++] = *text;
  failures[failed] = 0;
}

static void fails(const char *what) {
  note(failed ? "; " : "");
  note(what);
}

void begin(const char *function) {
  tried = function;
  failed = 0;
}

void expect(const char *what, u64 wanted, u64 got) {
  if (wanted == got) return;
  char digits[24];
  fails(what);
  note(": wanted ");
  note(decimal(wanted, digits));
  note(" got ");
  note(decimal(got, digits));
}

void holds(const char *what, int so) {
  if (!so) fails(what);
}

int bad_is_told(void) { return !equal(variable("BAD"), "trap"); }

void finish(void) {
  say(token);
  say(" ");
  say(tried);
  say(failed ? " FAIL " : " ok");
  if (failed) say(failures);
  end();
}

static u32 directory(const char *path) {
  u8 prestat[PRESTAT_SIZE];
  for (u32 fd = 3; fd_prestat_get(fd, prestat) == SUCCESS; fd++) {
    char name[256];
    u32 length = (u32)load(prestat + 4, 4);
    if (length == length_of(path) && fd_prestat_dir_name(fd, name, length) == SUCCESS && same(name, path, length))
      return fd;
  }
  return ~0u;
}

void kit_begin(void) {
  u32 size;
  if (args_sizes_get(&arguments_given, &size) || arguments_given > 32 || size > sizeof argument_texts
      || args_get(arguments, argument_texts))
    __builtin_trap();
  if (environ_sizes_get(&variables_given, &size) || variables_given > 256 || size > sizeof variable_texts
      || environ_get(variables, variable_texts))
    __builtin_trap();
  token = variable("TOKEN");
  rw = directory("/rw");
  rw2 = directory("/rw2");
  ro = directory("/ro");
}

int argument_count(void) { return (int)arguments_given; }

const char *argument(int index) { return index < (int)arguments_given ? arguments[index] : ""; }

const char *variable(const char *name) {
  size_t length = length_of(name);
  for (u32 i = 0; i < variables_given; i++)
    if (same(variables[i], name, length) && variables[i][length] == '=') return variables[i] + length + 1;
  return "";
}

u32 open_in(u32 in, const char *path, u32 how, u64 rights, u32 *fd) {
  *fd = ~0u;
  return path_open(in, 0, path, (u32)length_of(path), how, rights, rights, 0, fd);
}

u32 put(u32 fd, const char *text) {
  piece out = {text, length_of(text)};
  u32 written = 0;
  u32 error = fd_write(fd, &out, 1, &written);
  return error ? error : written == out.length ? SUCCESS : ~0u;
}

u32 file(const char *path, const char *content) {
  u32 fd;
  expect("opening a file of its own", SUCCESS, open_in(rw, path, CREATE | TRUNCATE, EVERYTHING, &fd));
  expect("filling a file of its own", SUCCESS, put(fd, content));
  return fd;
}

u32 content_is(u32 fd, const char *wanted) {
  static char got[4096];
  piece in = {got, sizeof got};
  u32 length = 0;
  u32 error = fd_pread(fd, &in, 1, 0, &length);
  if (error) return error;
  return length == length_of(wanted) && same(got, wanted, length) ? SUCCESS : ~0u;
}

int decode(const u8 *raw, filestat *into) {
  into->inode = load(raw + 8, 8);
  into->type = raw[16];
#ifdef UNSTABLE
  into->links = load(raw + 20, 4);
  const u8 *rest = raw + 24;
#else
  into->links = load(raw + 24, 8);
  const u8 *rest = raw + 32;
#endif
  into->size = load(rest, 8);
  into->accessed = load(rest + 8, 8);
  into->modified = load(rest + 16, 8);
  for (int i = FILESTAT_SIZE; i < FILESTAT_SIZE + 16; i++)
    if (raw[i] != 0xa5) return 0;
  return 1;
}

u32 stat_of(u32 fd, filestat *into) {
  u8 raw[FILESTAT_SIZE + 16];
  memset(raw, 0xa5, sizeof raw);
  u32 error = fd_filestat_get(fd, raw);
  return error ? error : decode(raw, into) ? SUCCESS : ~0u;
}

u32 type_of(u32 in, const char *path) {
  u8 raw[FILESTAT_SIZE + 16];
  u32 error = path_filestat_get(in, 0, path, (u32)length_of(path), raw);
  return error ? 1000 + error : raw[16];
}
