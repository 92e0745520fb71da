#include "ways.h"

#define P(path) path, (u32)length_of(path)

u32 memory_end(void) { return (u32)__builtin_wasm_memory_size(0) << 16; }

void ways_of(const char *label) {
  say(token);
  say(" ");
  say(label);
  say(":");
}

void ways_end(void) { end(); }

void tell(const char *way, u32 error) {
  say(" ");
  say(way);
  say(" ");
  say_number(error);
}

void tell_open(const char *way, u32 in, const void *path, u32 length, u32 lookup, u32 how, u64 rights) {
  u32 fd = ~0u;
  u32 error = path_open(in, lookup, path, length, how, rights, rights, 0, &fd);
  tell(way, error);
  if (error) return;
  static char got[200];
  memset(got, 0, sizeof got);
  u32 used = 0;
  piece place = {got, sizeof got - 1};
  if (!(how & ONLY_DIRECTORY) && fd_read(fd, &place, 1, &used) == SUCCESS) {
    say(" (");
    say(got);
    say(")");
  }
  if (how & CREATE) put(fd, token);
  fd_close(fd);
}

void every_way(const char *label, const void *path, u32 length) {
  u8 stat[80];
  char target[64];
  u32 used;
  ways_of(label);
  tell_open("read", rw, path, length, FOLLOW, 0, READ);
  tell_open("read-no-link", rw, path, length, 0, 0, READ);
  tell_open("create", rw, path, length, FOLLOW, CREATE, READ | WRITE);
  tell_open("truncate", rw, path, length, FOLLOW, CREATE | TRUNCATE, WRITE);
  tell_open("list", rw, path, length, FOLLOW, ONLY_DIRECTORY, READDIR);
  tell("stat", path_filestat_get(rw, FOLLOW, path, length, stat));
  tell("times", path_filestat_set_times(rw, FOLLOW, path, length, 1, 1, SET_MODIFIED));
  tell("mkdir", path_create_directory(rw, path, length));
  tell("readlink", path_readlink(rw, path, length, target, sizeof target, &used));
  tell("rename-to", path_rename(rw, P("mine"), rw, path, length));
  tell("link-to", path_link(rw, 0, P("mine"), rw, path, length));
  tell("symlink", path_symlink(P("mine"), rw, path, length));
  tell("link-from", path_link(rw, 0, path, length, rw, P("stolen")));
  tell("rename-from", path_rename(rw, path, length, rw, P("taken")));
  tell("unlink", path_unlink_file(rw, path, length));
  tell("rmdir", path_remove_directory(rw, path, length));
  ways_end();
}

void followed(const char *label, const char *path) {
  u8 stat[80];
  ways_of(label);
  tell_open("read", rw, P(path), FOLLOW, 0, READ);
  tell_open("create", rw, P(path), FOLLOW, CREATE, READ | WRITE);
  tell_open("truncate", rw, P(path), FOLLOW, CREATE | TRUNCATE, WRITE);
  tell_open("list", rw, P(path), FOLLOW, ONLY_DIRECTORY, READDIR);
  tell("stat", path_filestat_get(rw, FOLLOW, P(path), stat));
  tell("times", path_filestat_set_times(rw, FOLLOW, P(path), 1, 1, SET_MODIFIED));
  ways_end();
}
