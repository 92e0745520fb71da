// Ways to change what is read-only, or to carry it where it is not.
#include "ways.h"

#define P(path) path, (u32)length_of(path)

static void tell_write(const char *way, u32 how, u64 rights, u32 flags) {
  u32 fd = ~0u;
  u32 error = path_open(ro, FOLLOW, P("given"), how, rights, rights, flags, &fd);
  // one that can be opened must not be written
  tell(way, error ? error : put(fd, "changed"));
  if (!error) fd_close(fd);
}

void changes_what_is_read_only(void) {
  u32 fd = ~0u, used = 0;
  piece out = {"changed", 7};
  ways_of("by a path");
  tell_open("create", ro, P("new"), 0, CREATE, READ | WRITE);
  tell_open("create-to-read", ro, P("new"), 0, CREATE, READ);
  tell_open("create-only-new", ro, P("new"), 0, CREATE | EXCLUSIVE, READ);
  tell_open("create-below", ro, P("sub/new"), 0, CREATE, READ);
  tell_open("truncate", ro, P("given"), 0, TRUNCATE, READ);
  tell_open("truncate-to-write", ro, P("given"), 0, TRUNCATE, WRITE);
  tell_open("create-and-truncate", ro, P("given"), 0, CREATE | TRUNCATE, READ | WRITE);
  tell_write("write", 0, WRITE, 0);
  tell_write("write-and-read", 0, READ | WRITE, 0);
  tell_write("append", 0, WRITE, APPEND);
  tell_write("everything", 0, EVERYTHING, 0);
  tell("mkdir", path_create_directory(ro, P("new")));
  tell("rmdir", path_remove_directory(ro, P("sub/empty")));
  tell("unlink", path_unlink_file(ro, P("given")));
  tell("rename", path_rename(ro, P("given"), ro, P("new")));
  tell("link", path_link(ro, 0, P("given"), ro, P("new")));
  tell("symlink", path_symlink(P("given"), ro, P("new")));
  tell("times", path_filestat_set_times(ro, 0, P("given"), 1, 1, SET_MODIFIED));
  ways_end();
  ways_of("by a descriptor");
  u32 opened = open_in(ro, "given", 0, READ, &fd);
  if (opened) __builtin_trap();
  tell("write", fd_write(fd, &out, 1, &used));
  tell("pwrite", fd_pwrite(fd, &out, 1, 0, &used));
  tell("size", fd_filestat_set_size(fd, 0));
  tell("allocate", fd_allocate(fd, 0, 1000));
  tell("times", fd_filestat_set_times(fd, 1, 1, SET_MODIFIED));
  tell("rights", fd_fdstat_set_rights(fd, EVERYTHING, EVERYTHING));
  tell("rights-of-the-mount", fd_fdstat_set_rights(ro, EVERYTHING, EVERYTHING));
  fd_fdstat_set_flags(fd, APPEND);
  tell("append", fd_write(fd, &out, 1, &used));
  fd_close(fd);
  ways_end();
  ways_of("by a directory in it");
  if (open_in(ro, "sub", ONLY_DIRECTORY, EVERYTHING, &fd) && open_in(ro, "sub", ONLY_DIRECTORY, READDIR, &fd))
    __builtin_trap();
  tell_open("create", fd, P("new"), 0, CREATE, READ | WRITE);
  tell_open("create-above", fd, P("../new"), 0, CREATE, READ | WRITE);
  tell_open("truncate-above", fd, P("../given"), 0, TRUNCATE, WRITE);
  tell("mkdir", path_create_directory(fd, P("new")));
  tell("rmdir", path_remove_directory(fd, P("empty")));
  fd_close(fd);
  ways_end();
}

void moves_between_mounts(void) {
  u8 stat[80];
  ways_of("allowed");
  tell("rename-rw-to-rw2", path_rename(rw, P("mine"), rw2, P("moved")));
  tell("stat", path_filestat_get(rw2, 0, P("moved"), stat));
  tell("rename-back", path_rename(rw2, P("moved"), rw, P("mine")));
  tell("link-rw-to-rw2", path_link(rw, 0, P("mine"), rw2, P("linked")));
  ways_end();
  ways_of("into what is read-only");
  tell("rename", path_rename(rw, P("mine"), ro, P("moved")));
  tell("rename-over", path_rename(rw, P("mine"), ro, P("given")));
  tell("rename-below", path_rename(rw, P("mine"), ro, P("sub/moved")));
  tell("rename-a-directory", path_rename(rw, P("sub"), ro, P("moved")));
  tell("link", path_link(rw, 0, P("mine"), ro, P("linked")));
  ways_end();
  ways_of("out of what is read-only");
  tell("rename", path_rename(ro, P("given"), rw, P("moved")));
  tell("rename-to-rw2", path_rename(ro, P("given"), rw2, P("moved")));
  tell("rename-a-directory", path_rename(ro, P("sub"), rw, P("moved")));
  tell("link", path_link(ro, 0, P("given"), rw, P("linked-ro")));
  tell("link-below", path_link(ro, 0, P("sub/file"), rw, P("linked-ro")));
  tell_open("write-that", rw, P("linked-ro"), 0, 0, WRITE);
  ways_end();
  ways_of("of a mount itself");
  tell("rename", path_rename(rw, P("."), rw2, P("moved")));
  tell("rename-over", path_rename(rw2, P("sub"), rw, P(".")));
  tell("rmdir", path_remove_directory(rw, P(".")));
  tell("into-itself", path_rename(rw, P("sub"), rw, P("sub/sub")));
  ways_end();
  ways_of("a link in another place");
  path_rename(rw, P("to-outside"), rw2, P("to-outside"));
  tell_open("read", rw2, P("to-outside/canary"), FOLLOW, 0, READ);
  tell_open("create", rw2, P("to-outside/new"), FOLLOW, CREATE, WRITE);
  ways_end();
}

void takes_numbers(void) {
  u32 fd = ~0u;
  if (open_in(rw, "given", 0, READ, &fd)) __builtin_trap();
  // that may work or not: what counts is what comes after
  fd_renumber(rw2, ro);
  ways_of("a mount's number taken by another mount");
  tell_open("up", ro, P("../outside/canary"), FOLLOW, 0, READ);
  tell_open("up-create", ro, P("../outside/new"), FOLLOW, CREATE, WRITE);
  tell_open("up-to-the-old-one", ro, P("../ro/given"), FOLLOW, 0, WRITE);
  ways_end();
  fd_renumber(fd, rw);
  ways_of("a mount's number taken by a file");
  tell_open("up", rw, P("../outside/canary"), FOLLOW, 0, READ);
  tell_open("absolute", rw, P(variable("CANARY")), FOLLOW, 0, READ);
  tell_open("nothing", rw, "", 0, FOLLOW, 0, READ);
  ways_end();
  u32 opened = ~0u;
  ways_of("numbers that nobody has");
  tell("from", fd_renumber(9999, 1));
  ways_end();
  // some engines allow it, and it does no harm
  ways_of("may be numbers that nobody has");
  open_in(rw2, "given", 0, READ, &opened);
  tell("to-the-end", fd_renumber(opened, 0xffffffff));
  open_in(rw2, "given", 0, READ, &opened);
  tell("to-a-million", fd_renumber(opened, 1000000));
  ways_end();
}
