#include "SanitizedLocks.h"

#include <sched.h>
#include <stdatomic.h>

// Swift's Mutex takes a free lock with an atomic that the compiler puts into our code, where the thread sanitizer sees it. A
// lock that somebody holds it takes in the library, which is not built for the sanitizer: it sees no lock there, and
// reports as a race what two threads do one after the other. So for the sanitizer's builds this stands in for the library's
// part, with an atomic that it sees. Nobody ever marks the lock as waited for, so giving it back stays the easy way.
//
// stdlib/public/Synchronization/Mutex/LinuxImpl.swift: the word is 0, or the thread that holds the lock.
#if defined(__linux__)
void afterimage_lock_slow(uint32_t thread, __attribute__((swift_context)) _Atomic(uint32_t) *word)
    __attribute__((swiftcall)) __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");

__attribute__((swiftcall)) void afterimage_lock_slow(
    uint32_t thread, __attribute__((swift_context)) _Atomic(uint32_t) *word) {
  atomic_fetch_add_explicit(&afterimage_contended_locks, 1, memory_order_relaxed);
  for (;;) {
    uint32_t expected = 0;
    if (atomic_compare_exchange_strong_explicit(
            word, &expected, thread, memory_order_acquire, memory_order_relaxed)) {
      return;
    }
    sched_yield();
  }
}
#endif

_Atomic(uint64_t) afterimage_contended_locks;

uint64_t afterimage_contended_lock_count(void) {
  return atomic_load_explicit(&afterimage_contended_locks, memory_order_relaxed);
}
