// WASI as a module imports it, without a libc between: preview 1 (wasi_snapshot_preview1), or with -DUNSTABLE its
// predecessor wasi_unstable, which has the same functions but for sock_accept, and other layouts and numbers for
// seeking. Numbers and layouts are those of the .witx files of both.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#ifdef UNSTABLE
#define MODULE "wasi_unstable"
enum { FROM_HERE = 0, FROM_END = 1, FROM_START = 2 };
enum { FILESTAT_SIZE = 56, SUBSCRIPTION_SIZE = 56, CLOCK_AT = 24 };
#else
#define MODULE "wasi_snapshot_preview1"
enum { FROM_START = 0, FROM_HERE = 1, FROM_END = 2 };
enum { FILESTAT_SIZE = 64, SUBSCRIPTION_SIZE = 48, CLOCK_AT = 16 };
#endif
enum { FDSTAT_SIZE = 24, PRESTAT_SIZE = 8, DIRENT_SIZE = 24, EVENT_SIZE = 32 };

#define WASI(name) __attribute__((import_module(MODULE), import_name(#name))) u32 name

typedef struct {
  const void *at;
  size_t length;
} piece;

WASI(args_get)(void *pointers, void *texts);
WASI(args_sizes_get)(void *count, void *size);
WASI(environ_get)(void *pointers, void *texts);
WASI(environ_sizes_get)(void *count, void *size);
WASI(clock_res_get)(u32 clock, void *nanos);
WASI(clock_time_get)(u32 clock, u64 precision, void *nanos);
WASI(fd_advise)(u32 fd, u64 offset, u64 length, u32 advice);
WASI(fd_allocate)(u32 fd, u64 offset, u64 length);
WASI(fd_close)(u32 fd);
WASI(fd_datasync)(u32 fd);
WASI(fd_fdstat_get)(u32 fd, void *stat);
WASI(fd_fdstat_set_flags)(u32 fd, u32 flags);
WASI(fd_fdstat_set_rights)(u32 fd, u64 base, u64 inheriting);
WASI(fd_filestat_get)(u32 fd, void *stat);
WASI(fd_filestat_set_size)(u32 fd, u64 size);
WASI(fd_filestat_set_times)(u32 fd, u64 accessed, u64 modified, u32 which);
WASI(fd_pread)(u32 fd, const void *pieces, u32 count, u64 offset, void *length);
WASI(fd_prestat_get)(u32 fd, void *stat);
WASI(fd_prestat_dir_name)(u32 fd, void *name, u32 length);
WASI(fd_pwrite)(u32 fd, const void *pieces, u32 count, u64 offset, void *length);
WASI(fd_read)(u32 fd, const void *pieces, u32 count, void *length);
WASI(fd_readdir)(u32 fd, void *entries, u32 size, u64 cookie, void *length);
WASI(fd_renumber)(u32 from, u32 to);
WASI(fd_seek)(u32 fd, int64_t by, u32 whence, void *position);
WASI(fd_sync)(u32 fd);
WASI(fd_tell)(u32 fd, void *position);
WASI(fd_write)(u32 fd, const void *pieces, u32 count, void *length);
WASI(path_create_directory)(u32 fd, const void *path, u32 length);
WASI(path_filestat_get)(u32 fd, u32 lookup, const void *path, u32 length, void *stat);
WASI(path_filestat_set_times)(
    u32 fd, u32 lookup, const void *path, u32 length, u64 accessed, u64 modified, u32 which);
WASI(path_link)(
    u32 fd, u32 lookup, const void *path, u32 length, u32 new_fd, const void *new_path, u32 new_length);
WASI(path_open)(
    u32 fd, u32 lookup, const void *path, u32 length, u32 how, u64 base, u64 inheriting, u32 flags, void *opened);
WASI(path_readlink)(u32 fd, const void *path, u32 length, void *target, u32 size, void *used);
WASI(path_remove_directory)(u32 fd, const void *path, u32 length);
WASI(path_rename)(u32 fd, const void *path, u32 length, u32 new_fd, const void *new_path, u32 new_length);
WASI(path_symlink)(const void *target, u32 target_length, u32 fd, const void *path, u32 length);
WASI(path_unlink_file)(u32 fd, const void *path, u32 length);
WASI(poll_oneoff)(const void *subscriptions, void *events, u32 count, void *happened);
__attribute__((import_module(MODULE), import_name("proc_exit"))) void proc_exit(u32 code);
WASI(proc_raise)(u32 signal);
WASI(random_get)(void *bytes, u32 length);
WASI(sched_yield)(void);
#ifndef UNSTABLE
WASI(sock_accept)(u32 fd, u32 flags, void *accepted);
#endif
WASI(sock_recv)(u32 fd, const void *pieces, u32 count, u32 flags, void *length, void *out_flags);
WASI(sock_send)(u32 fd, const void *pieces, u32 count, u32 flags, void *length);
WASI(sock_shutdown)(u32 fd, u32 how);

// errno
enum {
  SUCCESS = 0, ACCES = 2, BADF = 8, EXIST = 20, FAULT = 21, INVAL = 28, ISDIR = 31, NAMETOOLONG = 37, NOENT = 44,
  NOTDIR = 54, NOTEMPTY = 55, NOTSOCK = 57, NOTSUP = 58, PERM = 63, NOTCAPABLE = 76
};
// filetype
enum { DIRECTORY = 3, REGULAR = 4, LINK = 7 };
// oflags, fdflags, lookupflags, fstflags
enum { CREATE = 1, ONLY_DIRECTORY = 2, EXCLUSIVE = 4, TRUNCATE = 8 };
enum { APPEND = 1, NONBLOCK = 4 };
enum { FOLLOW = 1 };
enum { SET_ACCESSED = 1, ACCESSED_NOW = 2, SET_MODIFIED = 4, MODIFIED_NOW = 8 };
// rights
enum { READ = 1 << 1, SEEK = 1 << 2, WRITE = 1 << 6, ALLOCATE = 1 << 8, READDIR = 1 << 14, SET_SIZE = 1 << 22 };
#ifdef UNSTABLE
enum { EVERYTHING = (1 << 29) - 1 };
#else
enum { EVERYTHING = (1 << 30) - 1 };
#endif

// A place in memory that is none.
#define NOWHERE ((void *)0xfffffff0)

typedef struct {
  u64 inode;
  u64 links;
  u64 size;
  u64 accessed;
  u64 modified;
  u8 type;
} filestat;
