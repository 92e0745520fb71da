/* Five programs that only compute, to be timed from outside: natively about a second each with the sizes of their users.
 *
 *   compute PROGRAM SIZE SEED
 *
 *   sha256    SIZE MiB of data are hashed
 *   matrix    a product of two matrices of SIZE x SIZE numbers
 *   nbody     SIZE steps of five bodies that attract each other
 *   bytecode  SIZE instructions of a machine of ours are interpreted
 *   sort      SIZE numbers are sorted by quicksort
 *
 * Prints "begin" before and "end CHECKSUM" after. The checksum depends on the seed and on all of the work, and is the same
 * wherever numbers are those of IEEE 754.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;

/* The next number of a sequence that the seed has begun (xorshift). */
static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

/* At least 0 and less than 1. */
static double fraction(void) { return (double)(next() >> 11) / 9007199254740992.0; }

static uint64_t mix(uint64_t sum, uint64_t value) { return (sum ^ value) * 1099511628211u; }

static uint64_t mix_double(uint64_t sum, double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return mix(sum, bits);
}

static void *room(size_t bytes) {
  void *at = malloc(bytes);
  if (!at) {
    fprintf(stderr, "no room for %lu bytes\n", (unsigned long)bytes);
    exit(2);
  }
  return at;
}

/* --- sha256, by FIPS 180-4 */

static uint32_t constants[64], hash[8];

/* The first 32 bits of the fractional part of a root. */
static uint32_t root_bits(double root) { return (uint32_t)((root - floor(root)) * 4294967296.0); }

static void hash_constants(void) {
  int found = 0;
  for (int n = 2; found < 64; n++) {
    int prime = 1;
    for (int d = 2; d * d <= n; d++) prime &= n % d != 0;
    if (!prime) continue;
    if (found < 8) hash[found] = root_bits(sqrt(n));
    constants[found++] = root_bits(cbrt(n));
  }
}

static uint32_t turn(uint32_t x, int by) { return x >> by | x << (32 - by); }

static void hash_block(const uint8_t *block) {
  uint32_t w[64];
  for (int i = 0; i < 16; i++, block += 4) {
    w[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 | (uint32_t)block[2] << 8 | block[3];
  }
  for (int i = 16; i < 64; i++) {
    uint32_t low = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3;
    uint32_t high = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + low + w[i - 7] + high;
  }
  uint32_t a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4], f = hash[5], g = hash[6], h = hash[7];
  for (int i = 0; i < 64; i++) {
    uint32_t one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + constants[i] + w[i];
    uint32_t two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + one, d = c, c = b, b = a, a = one + two;
  }
  hash[0] += a, hash[1] += b, hash[2] += c, hash[3] += d, hash[4] += e, hash[5] += f, hash[6] += g, hash[7] += h;
}

static uint64_t sha256(long mebibytes) {
  uint8_t *data = room(1 << 20);
  for (int i = 0; i < 1 << 20; i++) data[i] = (uint8_t)next();
  hash_constants();
  for (long n = 0; n < mebibytes; n++) {
    data[n & 0xfffff]++;
    for (int at = 0; at < 1 << 20; at += 64) hash_block(data + at);
  }
  uint8_t end[64] = {0x80};
  uint64_t bits = (uint64_t)mebibytes << 23;
  for (int i = 0; i < 8; i++) end[63 - i] = (uint8_t)(bits >> 8 * i);
  hash_block(end);
  uint64_t sum = 0;
  for (int i = 0; i < 8; i++) sum = mix(sum, hash[i]);
  return sum;
}

/* --- matrix */

static uint64_t matrix(long size) {
  size_t bytes = (size_t)size * size * sizeof(double);
  double *a = room(bytes), *b = room(bytes), *c = room(bytes);
  for (long i = 0; i < size * size; i++) a[i] = fraction() - 0.5, b[i] = fraction() - 0.5, c[i] = 0;
  for (long i = 0; i < size; i++) {
    for (long k = 0; k < size; k++) {
      double factor = a[i * size + k];
      for (long j = 0; j < size; j++) c[i * size + j] += factor * b[k * size + j];
    }
  }
  uint64_t sum = 0;
  for (long i = 0; i < size * size; i++) sum = mix_double(sum, c[i]);
  return sum;
}

/* --- nbody */

struct body {
  double x[3], v[3], mass;
};

static uint64_t nbody(long steps) {
  struct body bodies[5];
  for (int i = 0; i < 5; i++) {
    for (int d = 0; d < 3; d++) bodies[i].x[d] = 10 * i + fraction(), bodies[i].v[d] = fraction() - 0.5;
    bodies[i].mass = 1 + fraction();
  }
  for (long n = 0; n < steps; n++) {
    for (int i = 0; i < 5; i++) {
      for (int j = i + 1; j < 5; j++) {
        double dx = bodies[i].x[0] - bodies[j].x[0];
        double dy = bodies[i].x[1] - bodies[j].x[1];
        double dz = bodies[i].x[2] - bodies[j].x[2];
        double square = dx * dx + dy * dy + dz * dz + 0.01;
        double pull = 0.001 / (square * sqrt(square));
        double one = bodies[j].mass * pull, other = bodies[i].mass * pull;
        bodies[i].v[0] -= dx * one, bodies[i].v[1] -= dy * one, bodies[i].v[2] -= dz * one;
        bodies[j].v[0] += dx * other, bodies[j].v[1] += dy * other, bodies[j].v[2] += dz * other;
      }
    }
    for (int i = 0; i < 5; i++) {
      for (int d = 0; d < 3; d++) bodies[i].x[d] += 0.001 * bodies[i].v[d];
    }
  }
  uint64_t sum = 0;
  for (int i = 0; i < 5; i++) {
    for (int d = 0; d < 3; d++) sum = mix_double(mix_double(sum, bodies[i].x[d]), bodies[i].v[d]);
  }
  return sum;
}

/* --- bytecode */

enum { ADD, XOR, SHIFT, LOAD, STORE, MULTIPLY, SKIP, BACK };

static uint64_t bytecode(long count) {
  static uint8_t code[256];
  static uint32_t memory[1024];
  uint32_t registers[8], at = 0;
  for (size_t i = 0; i < sizeof code; i += 2) code[i] = (uint8_t)(next() % BACK), code[i + 1] = (uint8_t)next();
  code[sizeof code - 2] = BACK;
  for (int i = 0; i < 1024; i++) memory[i] = (uint32_t)next();
  for (int i = 0; i < 8; i++) registers[i] = (uint32_t)next();
  for (long n = 0; n < count; n++) {
    uint8_t what = code[at];
    uint32_t *to = &registers[code[at + 1] & 7], from = registers[code[at + 1] >> 3 & 7];
    at = (at + 2) & (sizeof code - 1);
    switch (what) {
      case ADD: *to += from + 1; break;
      case XOR: *to ^= from; break;
      case SHIFT: *to = *to << 7 | *to >> 25; break;
      case LOAD: *to = memory[from & 1023]; break;
      case STORE: memory[from & 1023] = *to; break;
      case MULTIPLY: *to = *to * 2654435761u + from; break;
      case SKIP: at = (at + (from & 2)) & (sizeof code - 1); break;
      default: at = from & 62; break;
    }
  }
  uint64_t sum = at;
  for (int i = 0; i < 8; i++) sum = mix(sum, registers[i]);
  for (int i = 0; i < 1024; i++) sum = mix(sum, memory[i]);
  return sum;
}

/* --- sort */

static void quicksort(uint32_t *from, uint32_t *to) {
  while (to - from > 16) {
    uint32_t middle = from[(to - from) / 2], *low = from, *high = to - 1;
    while (low <= high) {
      while (*low < middle) low++;
      while (*high > middle) high--;
      if (low <= high) {
        uint32_t other = *low;
        *low++ = *high;
        *high-- = other;
      }
    }
    if (high - from < to - low) {
      quicksort(from, high + 1);
      from = low;
    } else {
      quicksort(low, to);
      to = high + 1;
    }
  }
  for (uint32_t *each = from + 1; each < to; each++) {
    uint32_t value = *each, *at = each;
    for (; at > from && at[-1] > value; at--) *at = at[-1];
    *at = value;
  }
}

static uint64_t sort(long count) {
  uint32_t *numbers = room((size_t)count * sizeof *numbers);
  for (long i = 0; i < count; i++) numbers[i] = (uint32_t)next();
  quicksort(numbers, numbers + count);
  uint64_t sum = 0;
  for (long i = 0; i < count; i++) {
    if (i && numbers[i - 1] > numbers[i]) return 0;
    sum = mix(sum, numbers[i]);
  }
  return sum;
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    uint64_t (*run)(long);
  } programs[] = {{"sha256", sha256}, {"matrix", matrix}, {"nbody", nbody}, {"bytecode", bytecode}, {"sort", sort}};
  for (size_t i = 0; argc == 4 && i < sizeof programs / sizeof *programs; i++) {
    if (!strcmp(argv[1], programs[i].name)) {
      state = strtoull(argv[3], NULL, 10) * 2 + 1;
      for (int warm = 0; warm < 16; warm++) next();
      printf("begin\n");
      fflush(stdout);
      uint64_t sum = programs[i].run(atol(argv[2]));
      printf("end %016llx\n", (unsigned long long)sum);
      return 0;
    }
  }
  fprintf(stderr, "usage: compute sha256|matrix|nbody|bytecode|sort SIZE SEED\n");
  return 2;
}
