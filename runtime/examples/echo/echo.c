/*
 * The echo actor: answers lines. It speaks waPC and uses each of its nine imports, but each only when asked.
 *
 * The operation is HandleLine; the first word of the payload says what to do with the rest:
 *
 *   echo x     x                                       log x      x goes to the log; answers "logged"
 *   count      how many counts this instance has had   error x    the guest's error x
 *   host x     what the host answers to Upper x        trap       unreachable code
 *   hosterr    the text of a host error                spin       never ends
 *   grow       memory to its end; answers the pages    (else)     the whole line
 */
#define IMPORT(name) __attribute__((import_module("wapc"), import_name(name)))
typedef unsigned int u32;

IMPORT("__guest_request") void guest_request(char *operation, char *message);
IMPORT("__guest_response") void guest_response(const char *text, u32 length);
IMPORT("__guest_error") void guest_error(const char *text, u32 length);
IMPORT("__host_call")
u32 host_call(const char *binding, u32 binding_length, const char *capability, u32 capability_length,
              const char *operation, u32 operation_length, const char *message, u32 message_length);
IMPORT("__host_response_len") u32 host_response_length(void);
IMPORT("__host_response") void host_response(char *to);
IMPORT("__host_error_len") u32 host_error_length(void);
IMPORT("__host_error") void host_error(char *to);
IMPORT("__console_log") void console_log(const char *text, u32 length);

extern char __heap_base;
static char *next;
static u32 counted;

/* Memory for this call only. */
static char *take(u32 bytes) {
  char *at = next;
  u32 end = (u32)at + bytes;
  u32 have = __builtin_wasm_memory_size(0) * 65536u;
  if (end > have && __builtin_wasm_memory_grow(0, (end - have + 65535u) / 65536u) == (u32)-1) {
    __builtin_trap();
  }
  next = at + bytes;
  return at;
}

static u32 length_of(const char *text) {
  u32 length = 0;
  while (text[length]) length++;
  return length;
}

static int same(const char *text, u32 length, const char *word) {
  u32 i = 0;
  for (; i < length && word[i] && text[i] == word[i]; i++) {
  }
  return i == length && !word[i];
}

static int answer(const char *text, u32 length) {
  guest_response(text, length);
  return 1;
}

static int number(u32 value) {
  char digits[10];
  u32 at = sizeof digits;
  do {
    digits[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value);
  return answer(digits + at, sizeof digits - at);
}

/* Asks the host; answers what it says, be it a response or an error. */
static int ask(const char *operation, const char *message, u32 length) {
  const char *capability = "bundlet:line";
  const char *binding = "default";
  if (host_call(binding, length_of(binding), capability, length_of(capability), operation, length_of(operation),
                message, length)) {
    u32 size = host_response_length();
    char *response = take(size);
    host_response(response);
    return answer(response, size);
  }
  u32 size = host_error_length();
  char *error = take(size);
  host_error(error);
  return answer(error, size);
}

__attribute__((export_name("__guest_call"))) int guest_call(u32 operation_length, u32 length) {
  next = &__heap_base;
  char *operation = take(operation_length);
  char *line = take(length);
  guest_request(operation, line);
  if (!same(operation, operation_length, "HandleLine")) {
    const char *text = "this actor has one operation, HandleLine";
    guest_error(text, length_of(text));
    return 0;
  }
  u32 word = 0;
  while (word < length && line[word] != ' ') word++;
  char *rest = line + word + (word < length);
  u32 rest_length = length - word - (word < length);
  if (same(line, word, "echo")) return answer(rest, rest_length);
  if (same(line, word, "count")) return number(++counted);
  if (same(line, word, "host")) return ask("Upper", rest, rest_length);
  if (same(line, word, "hosterr")) return ask("NoSuchOperation", rest, rest_length);
  if (same(line, word, "trap")) __builtin_trap();
  if (same(line, word, "log")) {
    console_log(rest, rest_length);
    return answer("logged", 6);
  }
  if (same(line, word, "error")) {
    guest_error(rest, rest_length);
    return 0;
  }
  if (same(line, word, "spin")) {
    for (volatile u32 i = 0;; i++) {
    }
  }
  if (same(line, word, "grow")) {
    while (__builtin_wasm_memory_grow(0, 1) != (u32)-1) {
    }
    return number(__builtin_wasm_memory_size(0));
  }
  return answer(line, length);
}
