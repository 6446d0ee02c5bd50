// A SQLite VFS that stands before the system's and asks a hook before each call, so that a test can record what SQLite
// does to its files, or fail the nth call of a kind. Test code only.
#ifndef AFTERIMAGE_CTESTVFS_H
#define AFTERIMAGE_CTESTVFS_H

#include <sqlite3.h>

enum {
  AFTERIMAGE_CALL_OPEN,
  AFTERIMAGE_CALL_CLOSE,
  AFTERIMAGE_CALL_READ,
  AFTERIMAGE_CALL_WRITE,
  AFTERIMAGE_CALL_TRUNCATE,
  AFTERIMAGE_CALL_SYNC,
  AFTERIMAGE_CALL_FILE_SIZE,
  AFTERIMAGE_CALL_LOCK,
  AFTERIMAGE_CALL_SHM_MAP,
  AFTERIMAGE_CALL_SHM_LOCK,
  AFTERIMAGE_CALL_DELETE,
  AFTERIMAGE_CALL_ACCESS,
  AFTERIMAGE_CALL_FULL_PATHNAME,
  // A pause before the next try for a lock. Failed: there is none.
  AFTERIMAGE_CALL_SLEEP,
};

// One call that SQLite is about to make.
typedef struct afterimage_vfs_call {
  int kind;
  // Of the file; null for a temporary one.
  const char *path;
  // SQLITE_OPEN_… of an open, SQLITE_SYNC_… of a sync, the level of a lock, SQLITE_SHM_… of a lock of shared memory; of
  // a delete, whether the folder is synced after it.
  int flags;
  // Where a read or write begins; the size that a truncate leaves.
  sqlite3_int64 offset;
  // What is written; null for other calls.
  const void *bytes;
  int count;
} afterimage_vfs_call;

// What becomes of it. All zeros: it is made.
typedef struct afterimage_vfs_verdict {
  // The result code that SQLite gets instead; SQLITE_OK lets the call through.
  int code;
  // errno as sqlite3_system_errno reports it after that code.
  int system_error;
  // Of a write that fails: bytes that reach the file all the same.
  int written;
} afterimage_vfs_verdict;

// Called on the thread that uses the connection; must not call SQLite.
typedef afterimage_vfs_verdict (*afterimage_vfs_hook)(void *context, const afterimage_vfs_call *call);

typedef struct afterimage_vfs afterimage_vfs;

// Registers a VFS of that name, which no other may have, before the system's default one. Null when that failed.
// `context` must live until afterimage_vfs_unregister.
afterimage_vfs *afterimage_vfs_register(const char *name, afterimage_vfs_hook hook, void *context);

// From here on the hook is not called any more. Files that are still open through it stay usable; their VFS is then
// never freed.
void afterimage_vfs_unregister(afterimage_vfs *vfs);

// Sets SQLite's random numbers back to a seed, so that the salts of a log are the same in every run. For the whole
// process. 0: takes them from the system again.
void afterimage_seed_randomness(int seed);

#endif
