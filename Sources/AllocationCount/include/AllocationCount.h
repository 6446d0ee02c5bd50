#ifndef ALLOCATION_COUNT_H
#define ALLOCATION_COUNT_H

#include <stdint.h>

/// Blocks that the calling thread has asked the C library for since it began: malloc, calloc, realloc and the aligned
/// ones. Swift's objects and arrays come from there too. A negative number means that this system can't count them.
int64_t allocation_count(void);

#endif
