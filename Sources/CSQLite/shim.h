// SQLite's C interface, and the few calls of it that Swift can't make by itself.
#ifndef AFTERIMAGE_CSQLITE_SHIM_H
#define AFTERIMAGE_CSQLITE_SHIM_H

#include <sqlite3.h>

// sqlite3_db_config is variadic. Every option used here takes one int and gives the value that now holds.
static inline int afterimage_db_config(sqlite3 *database, int option, int value, int *now) {
  return sqlite3_db_config(database, option, value, now);
}

// SQLITE_STATIC: SQLite reads the caller's bytes, which must stay until the statement is reset.
static inline int afterimage_bind_text_borrowed(
    sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
  return sqlite3_bind_text64(statement, index, (const char *)bytes, count, SQLITE_STATIC, SQLITE_UTF8);
}

// SQLITE_TRANSIENT: SQLite copies the bytes. The constant is a cast that Swift does not import.
static inline int afterimage_bind_text_copied(
    sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
  return sqlite3_bind_text64(statement, index, (const char *)bytes, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

// An open database file with SQLite's own locks on it, taken without a connection.
typedef struct afterimage_locked_database {
  sqlite3_vfs *vfs;
  sqlite3_file *file;
  const char *name;  // SQLite reads it until the file is closed
} afterimage_locked_database;

// Opens the database at `path` and takes its exclusive lock, which no connection of this or another process may share:
// one in WAL mode keeps the shared lock from its first statement until it is closed. SQLITE_BUSY when there is such a
// connection, SQLITE_READONLY when the file can't be written. After any error nothing is open.
//
// SQLite's own VFS and not fcntl: closing a descriptor of ours would drop the locks of this process's connections.
static inline int afterimage_lock_database(
    const char *vfs, const char *path, afterimage_locked_database *locked, int *system_error) {
  locked->vfs = sqlite3_vfs_find(vfs);
  locked->file = 0;
  locked->name = 0;
  *system_error = 0;
  if (!locked->vfs) return SQLITE_ERROR;
  const char *name = sqlite3_create_filename(path, "", "", 0, 0);
  sqlite3_file *file = (sqlite3_file *)sqlite3_malloc(locked->vfs->szOsFile);
  int code = name && file ? SQLITE_OK : SQLITE_NOMEM;
  int is_open = 0;
  if (code == SQLITE_OK) {
    file->pMethods = 0;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_NOFOLLOW;
    int flags_now = flags;
    code = locked->vfs->xOpen(locked->vfs, name, file, flags, &flags_now);
    is_open = file->pMethods != 0;
    if (code == SQLITE_OK && (flags_now & SQLITE_OPEN_READONLY)) code = SQLITE_READONLY;
    if (code == SQLITE_OK) code = file->pMethods->xLock(file, SQLITE_LOCK_SHARED);
    if (code == SQLITE_OK) code = file->pMethods->xLock(file, SQLITE_LOCK_EXCLUSIVE);
  }
  if (code == SQLITE_OK) {
    locked->file = file;
    locked->name = name;
    return SQLITE_OK;
  }
  if (locked->vfs->xGetLastError) *system_error = locked->vfs->xGetLastError(locked->vfs, 0, 0);
  if (is_open) {
    file->pMethods->xUnlock(file, SQLITE_LOCK_NONE);
    file->pMethods->xClose(file);
  }
  sqlite3_free(file);
  if (name) sqlite3_free_filename((char *)name);
  return code;
}

// Reads from the locked database; what lies behind its end is zeros.
static inline int afterimage_read_locked(
    const afterimage_locked_database *locked, void *bytes, int count, sqlite3_int64 offset) {
  int code = locked->file->pMethods->xRead(locked->file, bytes, count, offset);
  return code == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : code;
}

static inline void afterimage_unlock_database(afterimage_locked_database *locked) {
  locked->file->pMethods->xUnlock(locked->file, SQLITE_LOCK_NONE);
  locked->file->pMethods->xClose(locked->file);
  sqlite3_free(locked->file);
  sqlite3_free_filename((char *)locked->name);
  locked->file = 0;
}

// A macro that is an expression of others, which Swift does not import.
static const int afterimage_readonly_dbmoved = SQLITE_READONLY_DBMOVED;

#endif
