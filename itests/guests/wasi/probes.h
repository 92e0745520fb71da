// The probes: one for each function of WASI, each with right uses and at least one wrong one.
#pragma once
#include "kit.h"

typedef struct {
  const char *name;
  void (*tries)(void);
} probe;

#define NONE_LEFT {0, 0}

extern const probe surroundings[], contents[], descriptors[], paths[];

// A descriptor that is not open.
enum { CLOSED = 9999 };
