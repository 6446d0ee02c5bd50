#pragma once

#include <stdint.h>

/// Locks that were taken from somebody who held them: 0 says that this stand-in is not in place any more.
extern _Atomic(uint64_t) afterimage_contended_locks;
uint64_t afterimage_contended_lock_count(void);
