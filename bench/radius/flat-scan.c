// The honest peer: every row looked at, 256 bits as four 64-bit words and popcount, in C. Prints queries per second and per
// second of processor time, medians of the rounds. Arguments: rows, queries per round, rounds.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  size_t rows = strtoul(argv[1], 0, 10), queries = strtoul(argv[2], 0, 10), rounds = strtoul(argv[3], 0, 10);
  uint64_t *words = malloc(rows * 32), state = 88172645463325252u;
  double *rates = malloc(rounds * sizeof(double)), *cpu_rates = malloc(rounds * sizeof(double));
  if (!words || !rates || !cpu_rates || !rows || !queries || !rounds) return 1;
  for (size_t i = 0; i < rows * 4; i++) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    words[i] = state;
  }
  size_t hits = 0;
  for (size_t round = 0; round < rounds; round++) {
    double start = seconds(CLOCK_MONOTONIC), cpu_start = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (size_t n = 0; n < queries; n++) {
      const uint64_t *query = words + 4 * ((n * 7919) % rows);
      uint64_t a = query[0], b = query[1], c = query[2], d = query[3];
      for (const uint64_t *row = words, *end = words + 4 * rows; row < end; row += 4) {
        int distance = __builtin_popcountll(row[0] ^ a) + __builtin_popcountll(row[1] ^ b) +
                       __builtin_popcountll(row[2] ^ c) + __builtin_popcountll(row[3] ^ d);
        if (distance <= 31) hits++;
      }
    }
    rates[round] = queries / (seconds(CLOCK_MONOTONIC) - start);
    cpu_rates[round] = queries / (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_start);
  }
  if (hits < queries * rounds) return 1;
  qsort(rates, rounds, sizeof(double), ascending);
  qsort(cpu_rates, rounds, sizeof(double), ascending);
  printf("%.3f %.3f\n", rates[rounds / 2], cpu_rates[rounds / 2]);
  return 0;
}
