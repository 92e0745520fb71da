// What a descriptor is and may do, and what its file is like: everything by a descriptor that moves no bytes.
#include "probes.h"

static void tries_fd_advise(void) {
  u32 fd = file("advise", "0123456789");
  for (u32 advice = 0; advice < 6; advice++) expect("each advice", SUCCESS, fd_advise(fd, 0, 10, advice));
  expect_bad("advice 6", INVAL, fd_advise(fd, 0, 10, 6));
  expect("closed", BADF, fd_advise(CLOSED, 0, 10, 0));
  fd_close(fd);
}

static void tries_fd_allocate(void) {
  u32 fd = file("allocate", "0123456789");
  filestat stat = {0};
  expect("more than it has", SUCCESS, fd_allocate(fd, 5, 95));
  stat_of(fd, &stat);
  expect("its size then", 100, stat.size);
  expect("less than it has", SUCCESS, fd_allocate(fd, 0, 10));
  stat_of(fd, &stat);
  expect("its size still", 100, stat.size);
  expect("no length", INVAL, fd_allocate(fd, 0, 0));
  expect("closed", BADF, fd_allocate(CLOSED, 0, 10));
  fd_close(fd);
  open_in(rw, "allocate", 0, READ, &fd);
  expect("without the right", NOTCAPABLE, fd_allocate(fd, 0, 1000));
  fd_close(fd);
}

static void tries_fd_close(void) {
  u32 fd = file("close", "");
  u64 at = 0;
  expect("open", SUCCESS, fd_close(fd));
  expect("closed", BADF, fd_close(fd));
  expect("used after it was closed", BADF, fd_tell(fd, &at));
  expect("never opened", BADF, fd_close(CLOSED));
}

static void tries_fd_sync(void) {
  u32 fd = file("sync", "content");
  expect("a file", SUCCESS, fd_sync(fd));
  expect("closed", BADF, fd_sync(CLOSED));
  fd_close(fd);
}

static void tries_fd_datasync(void) {
  u32 fd = file("datasync", "content");
  expect("a file", SUCCESS, fd_datasync(fd));
  expect("closed", BADF, fd_datasync(CLOSED));
  fd_close(fd);
}

static void tries_fd_fdstat_get(void) {
  u8 stat[FDSTAT_SIZE + 8];
  u32 fd = file("fdstat", "");
  memset(stat, 0xa5, sizeof stat);
  expect("a file", SUCCESS, fd_fdstat_get(fd, stat));
  expect("its type", REGULAR, stat[0]);
  expect("its flags", 0, load(stat + 2, 2));
  expect("its rights to read, seek and write", READ | SEEK | WRITE, load(stat + 8, 8) & (READ | SEEK | WRITE));
  expect("after it", 0xa5a5a5a5, load(stat + FDSTAT_SIZE, 4));
  fd_close(fd);
  open_in(rw, "fdstat", 0, READ, &fd);
  expect("one to read", SUCCESS, fd_fdstat_get(fd, stat));
  expect("its rights", READ, load(stat + 8, 8) & (READ | WRITE));
  fd_close(fd);
  expect("a directory", SUCCESS, fd_fdstat_get(rw, stat));
  expect("a directory's type", DIRECTORY, stat[0]);
  expect("what is opened in it may be written", WRITE, load(stat + 16, 8) & WRITE);
  expect("a read-only mount", SUCCESS, fd_fdstat_get(ro, stat));
  expect("what is opened in it may be read alone", READ, load(stat + 16, 8) & (READ | WRITE));
  expect("standard output", SUCCESS, fd_fdstat_get(1, stat));
  expect("it may be written", WRITE, load(stat + 8, 8) & WRITE);
  expect("closed", BADF, fd_fdstat_get(CLOSED, stat));
  expect_bad("address past the end", FAULT, fd_fdstat_get(rw, NOWHERE));
}

static void tries_fd_fdstat_set_flags(void) {
  u8 stat[FDSTAT_SIZE];
  u32 fd = file("flags", "01234");
  expect("append", SUCCESS, fd_fdstat_set_flags(fd, APPEND));
  fd_fdstat_get(fd, stat);
  expect("its flags", APPEND, load(stat + 2, 2));
  fd_seek(fd, 0, FROM_START, &(u64){0});
  put(fd, "56");
  expect("what was appended", SUCCESS, content_is(fd, "0123456"));
  expect("none", SUCCESS, fd_fdstat_set_flags(fd, 0));
  fd_seek(fd, 0, FROM_START, &(u64){0});
  put(fd, "x");
  expect("what was written at the start", SUCCESS, content_is(fd, "x123456"));
  expect_bad("no such flag", INVAL, fd_fdstat_set_flags(fd, 1 << 5));
  expect("closed", BADF, fd_fdstat_set_flags(CLOSED, 0));
  fd_close(fd);
}

static void tries_fd_fdstat_set_rights(void) {
  u8 stat[FDSTAT_SIZE];
  u32 fd = file("rights", "01234");
  fd_fdstat_get(fd, stat);
  u64 all = load(stat + 8, 8);
  expect("fewer", SUCCESS, fd_fdstat_set_rights(fd, all & ~(u64)WRITE, 0));
  fd_fdstat_get(fd, stat);
  expect("its rights", all & ~(u64)WRITE, load(stat + 8, 8));
  expect("without the right", NOTCAPABLE, put(fd, "x"));
  expect("more again", NOTCAPABLE, fd_fdstat_set_rights(fd, all, 0));
  expect("what was not written", SUCCESS, content_is(fd, "01234"));
  expect("closed", BADF, fd_fdstat_set_rights(CLOSED, 0, 0));
  fd_close(fd);
}

static void tries_fd_filestat_get(void) {
  filestat stat = {0}, other = {0};
  u32 fd = file("filestat", "0123456789");
  u32 other_fd = file("filestat-2", "");
  expect("a file", SUCCESS, stat_of(fd, &stat));
  stat_of(other_fd, &other);
  expect("its size", 10, stat.size);
  expect("its type", REGULAR, stat.type);
  expect("its links", 1, stat.links);
  holds("its inode is another file's", stat.inode != other.inode);
  u64 modified = stat.modified / 1000000000, now = number(variable("NOW"));
  holds("its time is an hour off", modified > now - 3600 && modified < now + 3600);
  expect("a directory", SUCCESS, stat_of(rw, &stat));
  expect("a directory's type", DIRECTORY, stat.type);
  expect("closed", BADF, fd_filestat_get(CLOSED, &stat));
  expect_bad("address past the end", FAULT, fd_filestat_get(fd, NOWHERE));
  fd_close(fd);
  fd_close(other_fd);
}

static void tries_fd_filestat_set_size(void) {
  filestat stat = {0};
  u32 fd = file("size", "0123456789");
  expect("smaller", SUCCESS, fd_filestat_set_size(fd, 4));
  expect("what is left", SUCCESS, content_is(fd, "0123"));
  expect("greater", SUCCESS, fd_filestat_set_size(fd, 1000));
  stat_of(fd, &stat);
  expect("its size", 1000, stat.size);
  u64 end = 1;
  u32 length = 0;
  fd_pread(fd, &(piece){&end, 8}, 1, 992, &length);
  holds("zeros at its end", length == 8 && end == 0);
  expect("closed", BADF, fd_filestat_set_size(CLOSED, 0));
  fd_close(fd);
  open_in(rw, "size", 0, READ, &fd);
  expect("without the right", NOTCAPABLE, fd_filestat_set_size(fd, 0));
  fd_close(fd);
}

static void tries_fd_filestat_set_times(void) {
  filestat stat = {0};
  u32 fd = file("times", "");
  expect("two times", SUCCESS, fd_filestat_set_times(fd, 1000000007, 2000000009, SET_ACCESSED | SET_MODIFIED));
  stat_of(fd, &stat);
  expect("accessed", 1000000007, stat.accessed);
  expect("modified", 2000000009, stat.modified);
  expect("now", SUCCESS, fd_filestat_set_times(fd, 0, 0, MODIFIED_NOW));
  stat_of(fd, &stat);
  expect("accessed still", 1000000007, stat.accessed);
  u64 now = number(variable("NOW"));
  holds("modified an hour off", stat.modified / 1000000000 > now - 3600 && stat.modified / 1000000000 < now + 3600);
  expect("both ways at once", INVAL, fd_filestat_set_times(fd, 1, 1, SET_ACCESSED | ACCESSED_NOW));
  expect("closed", BADF, fd_filestat_set_times(CLOSED, 1, 1, SET_ACCESSED));
  fd_close(fd);
}

static void tries_fd_prestat_get(void) {
  u8 stat[PRESTAT_SIZE + 4];
  memset(stat, 0xa5, sizeof stat);
  holds("the test's mounts are not all there", rw != ~0u && rw2 != ~0u && ro != ~0u);
  expect("a mount", SUCCESS, fd_prestat_get(rw, stat));
  expect("its kind", 0, stat[0]);
  expect("its name's length", 3, load(stat + 4, 4));
  expect("after it", 0xa5a5a5a5, load(stat + PRESTAT_SIZE, 4));
  expect("standard output", BADF, fd_prestat_get(1, stat));
  expect("closed", BADF, fd_prestat_get(CLOSED, stat));
  expect_bad("address past the end", FAULT, fd_prestat_get(rw, NOWHERE));
}

static void tries_fd_prestat_dir_name(void) {
  char name[5] = "....";
  expect("a mount", SUCCESS, fd_prestat_dir_name(rw, name, 3));
  holds("its name", same(name, "/rw.", 4));
  memset(name, '.', 4);
  expect("into a place too short", NAMETOOLONG, fd_prestat_dir_name(rw, name, 2));
  holds("what comes after that place", same(name + 2, "..", 2));
  expect("closed", BADF, fd_prestat_dir_name(CLOSED, name, 3));
  expect_bad("address past the end", FAULT, fd_prestat_dir_name(rw, NOWHERE, 3));
}

static void tries_fd_renumber(void) {
  u32 one = file("renumber", "one"), other = file("renumber-2", "other");
  u64 at = 0;
  expect("over another", SUCCESS, fd_renumber(one, other));
  expect("the content under the new number", SUCCESS, content_is(other, "one"));
  expect("the old number", BADF, fd_tell(one, &at));
  expect("from a closed one", BADF, fd_renumber(CLOSED, other));
  expect("to a closed one", BADF, fd_renumber(other, CLOSED));
  expect("to itself", SUCCESS, fd_renumber(other, other));
  expect("the content then", SUCCESS, content_is(other, "one"));
  fd_close(other);
}

const probe descriptors[] = {
  {"fd_advise", tries_fd_advise},
  {"fd_allocate", tries_fd_allocate},
  {"fd_close", tries_fd_close},
  {"fd_sync", tries_fd_sync},
  {"fd_datasync", tries_fd_datasync},
  {"fd_fdstat_get", tries_fd_fdstat_get},
  {"fd_fdstat_set_flags", tries_fd_fdstat_set_flags},
  {"fd_fdstat_set_rights", tries_fd_fdstat_set_rights},
  {"fd_filestat_get", tries_fd_filestat_get},
  {"fd_filestat_set_size", tries_fd_filestat_set_size},
  {"fd_filestat_set_times", tries_fd_filestat_set_times},
  {"fd_prestat_get", tries_fd_prestat_get},
  {"fd_prestat_dir_name", tries_fd_prestat_dir_name},
  {"fd_renumber", tries_fd_renumber},
  NONE_LEFT,
};
