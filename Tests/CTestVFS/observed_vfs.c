#include "CTestVFS.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct afterimage_vfs {
  sqlite3_vfs vfs;  // first: SQLite hands back a pointer to it
  sqlite3_vfs *system;
  afterimage_vfs_hook hook;
  void *context;
  atomic_int open_files;
  atomic_int is_gone;
  atomic_int system_error;  // of the last call that the hook failed; like errno it stays
  char name[64];
};

typedef struct observed_file {
  sqlite3_file file;  // first, for the same reason
  afterimage_vfs *vfs;
  const char *path;  // SQLite keeps it until the file is closed
  sqlite3_file *system;  // lies behind this struct
} observed_file;

static observed_file *observed(sqlite3_file *file) { return (observed_file *)file; }

static afterimage_vfs *own(sqlite3_vfs *vfs) { return (afterimage_vfs *)vfs; }

static afterimage_vfs_verdict ask(afterimage_vfs *vfs, afterimage_vfs_call call) {
  afterimage_vfs_verdict verdict = {SQLITE_OK, 0, 0};
  if (!atomic_load(&vfs->is_gone)) verdict = vfs->hook(vfs->context, &call);
  if (verdict.code != SQLITE_OK) atomic_store(&vfs->system_error, verdict.system_error);
  return verdict;
}

static int ask_file(observed_file *file, int kind, int flags, sqlite3_int64 offset, int count) {
  afterimage_vfs_call call = {kind, file->path, flags, offset, 0, count};
  return ask(file->vfs, call).code;
}

// The file.

static int file_close(sqlite3_file *file) {
  observed_file *self = observed(file);
  // A close that fails has closed all the same; SQLite passes over its result.
  ask_file(self, AFTERIMAGE_CALL_CLOSE, 0, 0, 0);
  int code = self->system->pMethods->xClose(self->system);
  atomic_fetch_sub(&self->vfs->open_files, 1);
  return code;
}

static int file_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
  observed_file *self = observed(file);
  int code = ask_file(self, AFTERIMAGE_CALL_READ, 0, offset, count);
  if (code == SQLITE_OK) return self->system->pMethods->xRead(self->system, bytes, count, offset);
  // The contract of a short read: what is missing is filled with zeros.
  memset(bytes, 0, (size_t)count);
  return code;
}

static int file_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
  observed_file *self = observed(file);
  afterimage_vfs_call call = {AFTERIMAGE_CALL_WRITE, self->path, 0, offset, bytes, count};
  afterimage_vfs_verdict verdict = ask(self->vfs, call);
  if (verdict.code == SQLITE_OK) return self->system->pMethods->xWrite(self->system, bytes, count, offset);
  int written = verdict.written < count ? verdict.written : count;
  if (written > 0) self->system->pMethods->xWrite(self->system, bytes, written, offset);
  return verdict.code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
  observed_file *self = observed(file);
  int code = ask_file(self, AFTERIMAGE_CALL_TRUNCATE, 0, size, 0);
  return code != SQLITE_OK ? code : self->system->pMethods->xTruncate(self->system, size);
}

static int file_sync(sqlite3_file *file, int flags) {
  observed_file *self = observed(file);
  int code = ask_file(self, AFTERIMAGE_CALL_SYNC, flags, 0, 0);
  return code != SQLITE_OK ? code : self->system->pMethods->xSync(self->system, flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
  observed_file *self = observed(file);
  int code = ask_file(self, AFTERIMAGE_CALL_FILE_SIZE, 0, 0, 0);
  return code != SQLITE_OK ? code : self->system->pMethods->xFileSize(self->system, size);
}

static int file_lock(sqlite3_file *file, int level) {
  observed_file *self = observed(file);
  int code = ask_file(self, AFTERIMAGE_CALL_LOCK, level, 0, 0);
  return code != SQLITE_OK ? code : self->system->pMethods->xLock(self->system, level);
}

static int file_unlock(sqlite3_file *file, int level) {
  return observed(file)->system->pMethods->xUnlock(observed(file)->system, level);
}

static int file_check_reserved_lock(sqlite3_file *file, int *result) {
  return observed(file)->system->pMethods->xCheckReservedLock(observed(file)->system, result);
}

static int file_control(sqlite3_file *file, int operation, void *argument) {
  return observed(file)->system->pMethods->xFileControl(observed(file)->system, operation, argument);
}

static int file_sector_size(sqlite3_file *file) {
  return observed(file)->system->pMethods->xSectorSize(observed(file)->system);
}

static int file_device_characteristics(sqlite3_file *file) {
  return observed(file)->system->pMethods->xDeviceCharacteristics(observed(file)->system);
}

static int file_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **memory) {
  observed_file *self = observed(file);
  int code = ask_file(self, AFTERIMAGE_CALL_SHM_MAP, extend, region, size);
  if (code == SQLITE_OK) return self->system->pMethods->xShmMap(self->system, region, size, extend, memory);
  *memory = 0;
  return code;
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
  observed_file *self = observed(file);
  // An unlock can't fail.
  if (flags & SQLITE_SHM_LOCK) {
    int code = ask_file(self, AFTERIMAGE_CALL_SHM_LOCK, flags, offset, count);
    if (code != SQLITE_OK) return code;
  }
  return self->system->pMethods->xShmLock(self->system, offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file) {
  observed(file)->system->pMethods->xShmBarrier(observed(file)->system);
}

static int file_shm_unmap(sqlite3_file *file, int deletes) {
  return observed(file)->system->pMethods->xShmUnmap(observed(file)->system, deletes);
}

// Version 2: without the calls that map the database into memory, which the store has switched off.
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_device_characteristics,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

// For files that have no shared memory in the system's VFS: logs, journals, and what is opened as immutable.
static const sqlite3_io_methods methods_without_shared_memory = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_device_characteristics,
};

// The VFS.

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *flags_now) {
  afterimage_vfs *self = own(vfs);
  observed_file *opened = observed(file);
  opened->file.pMethods = 0;
  afterimage_vfs_call call = {AFTERIMAGE_CALL_OPEN, path, flags, 0, 0, 0};
  int code = ask(self, call).code;
  if (code != SQLITE_OK) return code;
  opened->vfs = self;
  opened->path = path;
  opened->system = (sqlite3_file *)(opened + 1);
  code = self->system->xOpen(self->system, path, opened->system, flags, flags_now);
  if (code != SQLITE_OK) {
    if (opened->system->pMethods) opened->system->pMethods->xClose(opened->system);
    return code;
  }
  int shares = opened->system->pMethods->iVersion >= 2 && opened->system->pMethods->xShmMap != 0;
  opened->file.pMethods = shares ? &methods : &methods_without_shared_memory;
  atomic_fetch_add(&self->open_files, 1);
  return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int syncs_folder) {
  afterimage_vfs_call call = {AFTERIMAGE_CALL_DELETE, path, syncs_folder, 0, 0, 0};
  int code = ask(own(vfs), call).code;
  return code != SQLITE_OK ? code : own(vfs)->system->xDelete(own(vfs)->system, path, syncs_folder);
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *result) {
  afterimage_vfs_call call = {AFTERIMAGE_CALL_ACCESS, path, flags, 0, 0, 0};
  int code = ask(own(vfs), call).code;
  return code != SQLITE_OK ? code : own(vfs)->system->xAccess(own(vfs)->system, path, flags, result);
}

static int vfs_full_pathname(sqlite3_vfs *vfs, const char *path, int count, char *full) {
  afterimage_vfs_call call = {AFTERIMAGE_CALL_FULL_PATHNAME, path, 0, 0, 0, count};
  int code = ask(own(vfs), call).code;
  return code != SQLITE_OK ? code : own(vfs)->system->xFullPathname(own(vfs)->system, path, count, full);
}

static int vfs_randomness(sqlite3_vfs *vfs, int count, char *bytes) {
  return own(vfs)->system->xRandomness(own(vfs)->system, count, bytes);
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds) {
  afterimage_vfs_call call = {AFTERIMAGE_CALL_SLEEP, 0, 0, 0, 0, microseconds};
  if (ask(own(vfs), call).code != SQLITE_OK) return microseconds;
  return own(vfs)->system->xSleep(own(vfs)->system, microseconds);
}

static int vfs_current_time(sqlite3_vfs *vfs, double *day) {
  return own(vfs)->system->xCurrentTime(own(vfs)->system, day);
}

static int vfs_current_time_int64(sqlite3_vfs *vfs, sqlite3_int64 *milliseconds) {
  return own(vfs)->system->xCurrentTimeInt64(own(vfs)->system, milliseconds);
}

static int vfs_last_error(sqlite3_vfs *vfs, int count, char *words) {
  int error = atomic_load(&own(vfs)->system_error);
  return error != 0 ? error : own(vfs)->system->xGetLastError(own(vfs)->system, count, words);
}

afterimage_vfs *afterimage_vfs_register(const char *name, afterimage_vfs_hook hook, void *context) {
  if (sqlite3_initialize() != SQLITE_OK) return 0;
  sqlite3_vfs *system = sqlite3_vfs_find("unix");
  afterimage_vfs *self = calloc(1, sizeof *self);
  if (!system || !self || strlen(name) >= sizeof self->name || sqlite3_vfs_find(name)) {
    free(self);
    return 0;
  }
  strcpy(self->name, name);
  self->system = system;
  self->hook = hook;
  self->context = context;
  self->vfs = (sqlite3_vfs){
      .iVersion = 2,
      .szOsFile = (int)sizeof(observed_file) + system->szOsFile,
      .mxPathname = system->mxPathname,
      .zName = self->name,
      .xOpen = vfs_open,
      .xDelete = vfs_delete,
      .xAccess = vfs_access,
      .xFullPathname = vfs_full_pathname,
      .xRandomness = vfs_randomness,
      .xSleep = vfs_sleep,
      .xCurrentTime = vfs_current_time,
      .xGetLastError = vfs_last_error,
      .xCurrentTimeInt64 = vfs_current_time_int64,
  };
  if (sqlite3_vfs_register(&self->vfs, 0) != SQLITE_OK) {
    free(self);
    return 0;
  }
  return self;
}

void afterimage_vfs_unregister(afterimage_vfs *vfs) {
  atomic_store(&vfs->is_gone, 1);
  sqlite3_vfs_unregister(&vfs->vfs);
  // SQLite's open connections point to the struct; a leak in a test is better than a crash in another one.
  if (atomic_load(&vfs->open_files) == 0) free(vfs);
}

void afterimage_seed_randomness(int seed) {
  sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, seed, (sqlite3 *)0);
  sqlite3_randomness(0, 0);
}
