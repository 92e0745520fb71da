// Everything by a path below an open directory.
#include "probes.h"

#define P(path) path, (u32)length_of(path)

static u32 stat_at(const char *path, u32 lookup, filestat *into) {
  u8 raw[FILESTAT_SIZE + 16];
  memset(raw, 0xa5, sizeof raw);
  u32 error = path_filestat_get(rw, lookup, P(path), raw);
  return error ? error : decode(raw, into) ? SUCCESS : ~0u;
}

// A change of a read-only mount was refused for that reason.
static void refused(const char *what, u32 error) {
  holds(what, error == NOTCAPABLE || error == PERM || error == ACCES || error == 69 /* a read-only file system */);
}

static void tries_path_create_directory(void) {
  expect("a new one", SUCCESS, path_create_directory(rw, P("dir")));
  expect("it is one", DIRECTORY, type_of(rw, "dir"));
  expect("one in it", SUCCESS, path_create_directory(rw, P("dir/in")));
  expect("an old one", EXIST, path_create_directory(rw, P("dir")));
  expect("without its parent", NOENT, path_create_directory(rw, P("none/in")));
  expect("closed", BADF, path_create_directory(CLOSED, P("dir")));
  refused("in a read-only mount", path_create_directory(ro, P("dir")));
}

static void tries_path_remove_directory(void) {
  path_create_directory(rw, P("removed"));
  fd_close(file("removed/file", ""));
  expect("a full one", NOTEMPTY, path_remove_directory(rw, P("removed")));
  expect("a file", NOTDIR, path_remove_directory(rw, P("removed/file")));
  path_unlink_file(rw, P("removed/file"));
  expect("an empty one", SUCCESS, path_remove_directory(rw, P("removed")));
  expect("then it is", 1000 + NOENT, type_of(rw, "removed"));
  expect("one that is not there", NOENT, path_remove_directory(rw, P("removed")));
  expect("closed", BADF, path_remove_directory(CLOSED, P("removed")));
  refused("of a read-only mount", path_remove_directory(ro, P("sub")));
}

static void tries_path_unlink_file(void) {
  fd_close(file("unlinked", ""));
  expect("a file", SUCCESS, path_unlink_file(rw, P("unlinked")));
  expect("then it is", 1000 + NOENT, type_of(rw, "unlinked"));
  expect("one that is not there", NOENT, path_unlink_file(rw, P("unlinked")));
  path_create_directory(rw, P("not-unlinked"));
  u32 error = path_unlink_file(rw, P("not-unlinked"));
  holds("a directory", error == ISDIR || error == PERM);
  expect("it is still", DIRECTORY, type_of(rw, "not-unlinked"));
  expect("closed", BADF, path_unlink_file(CLOSED, P("unlinked")));
  refused("of a read-only mount", path_unlink_file(ro, P("given")));
}

static void tries_path_open(void) {
  u32 fd;
  expect("a new file", SUCCESS, open_in(rw, "opened", CREATE | EXCLUSIVE, EVERYTHING, &fd));
  expect("its content", SUCCESS, put(fd, "content"));
  fd_close(fd);
  expect("an old file", SUCCESS, open_in(rw, "opened", 0, READ | SEEK, &fd));
  expect("the old content", SUCCESS, content_is(fd, "content"));
  fd_close(fd);
  expect("to append", SUCCESS, path_open(rw, 0, P("opened"), 0, READ | SEEK | WRITE, 0, APPEND, &fd));
  put(fd, "+");
  expect("what was appended", SUCCESS, content_is(fd, "content+"));
  fd_close(fd);
  expect("an old file as new", EXIST, open_in(rw, "opened", CREATE | EXCLUSIVE, EVERYTHING, &fd));
  expect("to truncate", SUCCESS, open_in(rw, "opened", TRUNCATE, EVERYTHING, &fd));
  expect("what is left", SUCCESS, content_is(fd, ""));
  fd_close(fd);
  path_create_directory(rw, P("opened-dir"));
  expect("a directory", SUCCESS, path_open(rw, 0, P("opened-dir"), ONLY_DIRECTORY,
      EVERYTHING & ~(WRITE | ALLOCATE | SET_SIZE), EVERYTHING, 0, &fd));
  u32 in;
  expect("a file in that", SUCCESS, open_in(fd, "in", CREATE, EVERYTHING, &in));
  fd_close(in);
  path_create_directory(fd, P("sub"));
  expect("forth and back in that", SUCCESS, open_in(fd, "sub/../in", 0, READ, &in));
  fd_close(in);
  u32 error = open_in(fd, "../opened", 0, READ, &in);
  holds("up and out of that", error == NOTCAPABLE || error == PERM);
  fd_close(fd);
  path_symlink(P("opened-dir/in"), rw, P("opened-link"));
  expect("a link, followed", SUCCESS, path_open(rw, FOLLOW, P("opened-link"), 0, READ, READ, 0, &fd));
  fd_close(fd);
  expect("a link, not followed", 32 /* a loop */, open_in(rw, "opened-link", 0, READ, &fd));
  expect("a file as a directory", NOTDIR, open_in(rw, "opened", ONLY_DIRECTORY, READ, &fd));
  expect("through a file", NOTDIR, open_in(rw, "opened/in", 0, READ, &fd));
  expect("one that is not there", NOENT, open_in(rw, "none", 0, READ, &fd));
  expect_bad("no such flag", INVAL, open_in(rw, "opened", 1 << 4, READ, &fd));
  expect("closed", BADF, open_in(CLOSED, "opened", 0, READ, &fd));
  expect_bad("path past the end", FAULT, path_open(rw, 0, NOWHERE, 100, 0, READ, READ, 0, &fd));
  refused("new in a read-only mount", open_in(ro, "new", CREATE, READ, &fd));
  expect("what a read-only mount has", SUCCESS, open_in(ro, "given", 0, READ | SEEK, &fd));
  fd_close(fd);
}

static void tries_path_filestat_get(void) {
  filestat stat = {0};
  fd_close(file("stat", "0123456789"));
  path_symlink(P("stat"), rw, P("stat-link"));
  expect("a file", SUCCESS, stat_at("stat", 0, &stat));
  expect("its size", 10, stat.size);
  expect("its type", REGULAR, stat.type);
  expect("its links", 1, stat.links);
  expect("a link", SUCCESS, stat_at("stat-link", 0, &stat));
  expect("a link's type", LINK, stat.type);
  expect("a link, followed", SUCCESS, stat_at("stat-link", FOLLOW, &stat));
  expect("its file's size", 10, stat.size);
  expect("one that is not there", NOENT, stat_at("none", 0, &stat));
  u8 raw[FILESTAT_SIZE];
  expect("closed", BADF, path_filestat_get(CLOSED, 0, P("stat"), raw));
  expect_bad("address past the end", FAULT, path_filestat_get(rw, 0, P("stat"), NOWHERE));
}

static void tries_path_filestat_set_times(void) {
  filestat stat = {0};
  fd_close(file("path-times", ""));
  path_symlink(P("path-times"), rw, P("path-times-link"));
  u32 both = SET_ACCESSED | SET_MODIFIED;
  expect("a file", SUCCESS, path_filestat_set_times(rw, 0, P("path-times"), 1000000007, 2000000009, both));
  stat_at("path-times", 0, &stat);
  expect("accessed", 1000000007, stat.accessed);
  expect("modified", 2000000009, stat.modified);
  expect("a link, followed", SUCCESS,
      path_filestat_set_times(rw, FOLLOW, P("path-times-link"), 0, 3000000001, SET_MODIFIED));
  stat_at("path-times", 0, &stat);
  expect("modified by its link", 3000000001, stat.modified);
  expect("a link, not followed", SUCCESS,
      path_filestat_set_times(rw, 0, P("path-times-link"), 0, 4000000001, SET_MODIFIED));
  stat_at("path-times", 0, &stat);
  expect("its file is not modified", 3000000001, stat.modified);
  expect("one that is not there", NOENT, path_filestat_set_times(rw, 0, P("none"), 1, 1, both));
  expect("both ways at once", INVAL,
      path_filestat_set_times(rw, 0, P("path-times"), 1, 1, SET_MODIFIED | MODIFIED_NOW));
  expect("closed", BADF, path_filestat_set_times(CLOSED, 0, P("path-times"), 1, 1, both));
  refused("in a read-only mount", path_filestat_set_times(ro, 0, P("given"), 1, 1, both));
}

static void tries_path_link(void) {
  filestat one = {0}, other = {0};
  fd_close(file("linked", "content"));
  expect("a file", SUCCESS, path_link(rw, 0, P("linked"), rw, P("linked-too")));
  stat_at("linked", 0, &one);
  stat_at("linked-too", 0, &other);
  expect("links", 2, one.links);
  expect("inode", one.inode, other.inode);
  expect("over an old one", EXIST, path_link(rw, 0, P("linked"), rw, P("linked-too")));
  expect("one that is not there", NOENT, path_link(rw, 0, P("none"), rw, P("linked-3")));
  expect("closed", BADF, path_link(CLOSED, 0, P("linked"), rw, P("linked-3")));
  expect("into a closed one", BADF, path_link(rw, 0, P("linked"), CLOSED, P("linked-3")));
  refused("into a read-only mount", path_link(rw, 0, P("linked"), ro, P("linked")));
  refused("out of a read-only mount", path_link(ro, 0, P("given"), rw, P("linked-4")));
}

static void tries_path_symlink(void) {
  expect("to nothing yet", SUCCESS, path_symlink(P("later"), rw, P("sym")));
  expect("it is one", LINK, type_of(rw, "sym"));
  fd_close(file("later", "found"));
  u32 fd;
  expect("through it", SUCCESS, path_open(rw, FOLLOW, P("sym"), 0, READ | SEEK, READ | SEEK, 0, &fd));
  expect("what is there", SUCCESS, content_is(fd, "found"));
  fd_close(fd);
  expect("over an old one", EXIST, path_symlink(P("later"), rw, P("sym")));
  expect("closed", BADF, path_symlink(P("later"), CLOSED, P("sym-2")));
  refused("in a read-only mount", path_symlink(P("given"), ro, P("sym")));
}

static void tries_path_readlink(void) {
  char target[20];
  u32 used = 0;
  memset(target, '.', sizeof target);
  path_symlink(P("where it goes"), rw, P("readlink"));
  expect("a link", SUCCESS, path_readlink(rw, P("readlink"), target, sizeof target, &used));
  holds("its target", used == 13 && same(target, "where it goes...", 16));
  memset(target, '.', sizeof target);
  expect("into a place too short", SUCCESS, path_readlink(rw, P("readlink"), target, 5, &used));
  holds("what fits", used == 5 && same(target, "where...", 8));
  fd_close(file("no-link", ""));
  expect("a file", INVAL, path_readlink(rw, P("no-link"), target, sizeof target, &used));
  expect("one that is not there", NOENT, path_readlink(rw, P("none"), target, sizeof target, &used));
  expect("closed", BADF, path_readlink(CLOSED, P("readlink"), target, sizeof target, &used));
}

static void tries_path_rename(void) {
  fd_close(file("renamed", "content"));
  expect("to a new name", SUCCESS, path_rename(rw, P("renamed"), rw, P("renamed-2")));
  expect("the old name", 1000 + NOENT, type_of(rw, "renamed"));
  fd_close(file("renamed-3", "other"));
  expect("over an old file", SUCCESS, path_rename(rw, P("renamed-2"), rw, P("renamed-3")));
  u32 fd;
  open_in(rw, "renamed-3", 0, READ | SEEK, &fd);
  expect("the content", SUCCESS, content_is(fd, "content"));
  fd_close(fd);
  expect("into another mount", SUCCESS, path_rename(rw, P("renamed-3"), rw2, P("renamed")));
  expect("it is there", REGULAR, type_of(rw2, "renamed"));
  path_create_directory(rw, P("renamed-dir"));
  expect("a directory", SUCCESS, path_rename(rw, P("renamed-dir"), rw, P("renamed-dir-2")));
  expect("one that is not there", NOENT, path_rename(rw, P("none"), rw, P("renamed-4")));
  expect("closed", BADF, path_rename(CLOSED, P("none"), rw, P("renamed-4")));
  refused("out of a read-only mount", path_rename(ro, P("given"), rw, P("renamed-4")));
  fd_close(file("renamed-5", ""));
  refused("into a read-only mount", path_rename(rw, P("renamed-5"), ro, P("renamed-5")));
}

const probe paths[] = {
  {"path_create_directory", tries_path_create_directory},
  {"path_remove_directory", tries_path_remove_directory},
  {"path_unlink_file", tries_path_unlink_file},
  {"path_open", tries_path_open},
  {"path_filestat_get", tries_path_filestat_get},
  {"path_filestat_set_times", tries_path_filestat_set_times},
  {"path_link", tries_path_link},
  {"path_symlink", tries_path_symlink},
  {"path_readlink", tries_path_readlink},
  {"path_rename", tries_path_rename},
  NONE_LEFT,
};
