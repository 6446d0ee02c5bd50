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

// The write-ahead log that the connection has open; null when it has none.
static inline sqlite3_file *afterimage_log_file(sqlite3 *database) {
  sqlite3_file *file = 0;
  int code = sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
  return code == SQLITE_OK && file && file->pMethods ? file : 0;
}

// A macro that is an expression of others, which Swift does not import.
static const int afterimage_readonly_dbmoved = SQLITE_READONLY_DBMOVED;

#endif
