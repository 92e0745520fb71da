// Places, lengths and counts that are none; files that are none; and what is exchanged while it is opened.
#include "ways.h"

#define P(path) path, (u32)length_of(path)

static void open_all(const char *name) {
  u8 stat[80];
  ways_of(name);
  tell_open("read", rw, P(name), FOLLOW, 0, READ);
  tell_open("write", rw, P(name), FOLLOW, 0, WRITE);
  tell_open("both", rw, P(name), FOLLOW, 0, READ | WRITE);
  tell_open("read-no-link", rw, P(name), 0, 0, READ);
  tell_open("create", rw, P(name), FOLLOW, CREATE, READ | WRITE);
  tell_open("truncate", rw, P(name), FOLLOW, TRUNCATE, WRITE);
  tell_open("list", rw, P(name), FOLLOW, ONLY_DIRECTORY, READDIR);
  ways_end();
  ways_of("looked at");
  tell(name, path_filestat_get(rw, 0, P(name), stat));
  ways_end();
}

void opens_what_is_no_file(void) { open_all(argument(3)); }

static void count_pieces(u32 fd, u32 count) {
  static piece pieces[4];
  static u8 subscriptions[200];
  u32 used = 0;
  u16 flags = 0;
  for (int i = 0; i < 4; i++) pieces[i] = (piece){subscriptions, 1};
  ways_of("pieces");
  tell("read", fd_read(fd, pieces, count, &used));
  tell("write", fd_write(fd, pieces, count, &used));
  tell("pread", fd_pread(fd, pieces, count, 0, &used));
  tell("pwrite", fd_pwrite(fd, pieces, count, 0, &used));
  tell("recv", sock_recv(fd, pieces, count, 0, &used, &flags));
  tell("send", sock_send(fd, pieces, count, 0, &used));
  tell("poll", poll_oneoff(subscriptions, subscriptions, count, &used));
  ways_end();
}

void counts_too_far(void) {
  static char place[1024];
  u32 fd = ~0u, used = 0;
  ways_of("little room for a list");
  for (u32 size = 0; size < 24; size++) {
    used = ~0u;
    u32 error = fd_readdir(rw, place, size, 0, &used);
    // what must not come about is told as what worked
    if (error || used > size) tell("failed", SUCCESS);
  }
  ways_end();
  if (open_in(rw, "given", 0, READ | SEEK | WRITE, &fd)) __builtin_trap();
  static const u32 counts[] = {1u << 31, ~0u, 1u << 29, (1u << 29) + 1, 1u << 20, 89478486};
  for (int i = 0; i < 6; i++) count_pieces(fd, counts[i]);
  static const u32 lengths[] = {1u << 31, ~0u, 1u << 30};
  for (int i = 0; i < 3; i++) {
    u32 length = lengths[i];
    // less than that is needed
    ways_of("may be lengths");
    tell("readdir", fd_readdir(rw2, place, length, 0, &used));
    tell("readlink", path_readlink(rw, P("to-sub"), place, length, &used));
    ways_end();
    ways_of("lengths");
    tell("random", random_get(place, length));
    tell("open", path_open(rw, 0, place, length, 0, READ, READ, 0, &used));
    tell("mkdir", path_create_directory(rw, place, length));
    tell("symlink", path_symlink(place, length, rw, P("new")));
    tell("read", fd_read(fd, &(piece){place, length}, 1, &used));
    tell("write", fd_write(fd, &(piece){place, length}, 1, &used));
    ways_end();
  }
}

// Whether both were refused.
static u32 both(u32 one, u32 other) { return one && other ? one : SUCCESS; }

// The one that the argument after the case asks for, counted over all addresses; without it, all.
#define try_one(way, call) \
  do { \
    if (argument_count() <= 3 || tried++ == number(argument(3))) tell(way, call); \
  } while (0)
static u64 tried;

// Each function with one address after the other that has too little behind it.
static void point(void *bad) {
  static char place[200];
  static piece pieces[1];
  u32 used = 0, fd = ~0u;
  if (open_in(rw, "given", 0, EVERYTHING, &fd)) __builtin_trap();
  pieces[0] = (piece){bad, 100};
  ways_of("addresses");
  try_one("args", args_get(bad, place));
  try_one("args-sizes", both(args_sizes_get(bad, place), args_sizes_get(place, bad)));
  try_one("environ", environ_get(bad, place));
  try_one("environ-sizes", both(environ_sizes_get(bad, place), environ_sizes_get(place, bad)));
  try_one("resolution", clock_res_get(0, bad));
  try_one("time", clock_time_get(0, 0, bad));
  try_one("random", random_get(bad, 100));
  try_one("fdstat", fd_fdstat_get(fd, bad));
  try_one("filestat", fd_filestat_get(fd, bad));
  try_one("prestat", fd_prestat_get(rw, bad));
  try_one("prestat-name", fd_prestat_dir_name(rw, bad, 3));
  try_one("pieces-to-read", both(fd_read(fd, bad, 1, &used), fd_pread(fd, bad, 1, 0, &used)));
  try_one("pieces-to-write", both(fd_write(fd, bad, 1, &used), fd_pwrite(fd, bad, 1, 0, &used)));
  try_one("in-a-piece-to-read", both(fd_read(fd, pieces, 1, &used), fd_pread(fd, pieces, 1, 0, &used)));
  try_one("in-a-piece-to-write", both(fd_write(fd, pieces, 1, &used), fd_pwrite(fd, pieces, 1, 0, &used)));
  try_one("readdir", fd_readdir(rw, bad, 100, 0, &used));
  try_one("readdir-length", fd_readdir(rw, place, 100, 0, bad));
  try_one("seek", fd_seek(fd, 0, FROM_START, bad));
  try_one("tell", fd_tell(fd, bad));
  try_one("mkdir", path_create_directory(rw, bad, 100));
  try_one("stat", path_filestat_get(rw, 0, bad, 100, place));
  try_one("stat-to", path_filestat_get(rw, 0, P("given"), bad));
  try_one("times", path_filestat_set_times(rw, 0, bad, 100, 0, 0, SET_MODIFIED));
  try_one("link", both(path_link(rw, 0, bad, 100, rw, P("new")), path_link(rw, 0, P("given"), rw, bad, 100)));
  try_one("open", path_open(rw, 0, bad, 100, 0, READ, READ, 0, &used));
  try_one("opened-to", path_open(rw, 0, P("given"), 0, READ, READ, 0, bad));
  try_one("readlink", path_readlink(rw, bad, 100, place, 100, &used));
  try_one("readlink-to", path_readlink(rw, P("to-sub"), bad, 100, &used));
  try_one("readlink-length", path_readlink(rw, P("to-sub"), place, 100, bad));
  try_one("rmdir", path_remove_directory(rw, bad, 100));
  try_one("rename", both(path_rename(rw, bad, 100, rw, P("new")), path_rename(rw, P("given"), rw, bad, 100)));
  try_one("symlink", both(path_symlink(bad, 100, rw, P("new")), path_symlink(P("given"), rw, bad, 100)));
  try_one("unlink", path_unlink_file(rw, bad, 100));
  memset(place, 0, sizeof place);
  try_one("poll", poll_oneoff(bad, place, 1, &used));
  try_one("poll-events", poll_oneoff(place, bad, 1, &used));
  try_one("poll-count", poll_oneoff(place, place + 100, 1, bad));
  ways_end();
  fd_close(fd);
}

void points_too_far(void) {
  u32 end = memory_end();
  point((void *)end);
  point((void *)(end - 1));
  point((void *)(end - 2));
  point((void *)0x7ffffff8);
  point((void *)0x80000000);
  point((void *)0xfffffff8);
  point((void *)0xffffffff);
}

// Opens what somebody exchanges all the time, in mounts that lie beside what is not to be reached.
void races(void) {
  u64 start = 0, now = 0, inside = 0, refused = 0, escaped = 0;
  u64 nanos = number(variable("SECONDS")) * 1000000000u;
  static const char *const names[] = {"flip/canary", "leaf", "flip/sub/../canary", "to-flip/canary"};
  u8 stat[80];
  clock_time_get(1, 1, &start);
  for (u32 round = 0; now < nanos; round++) {
    u32 fd = ~0u, used = 0;
    char got[7];
    const char *name = names[round % 4];
    if (path_open(rw, FOLLOW, P(name), 0, READ, READ, 0, &fd)) {
      refused++;
    } else {
      if (fd_read(fd, &(piece){got, sizeof got}, 1, &used) || used != 6 || !same(got, "inside", 6)) escaped++;
      else inside++;
      fd_close(fd);
    }
    static char made[] = "flip/made-A";
    made[10] = (char)('A' + round % 26);
    if (path_open(rw, FOLLOW, P(made), CREATE | TRUNCATE, WRITE, 0, 0, &fd) == SUCCESS) fd_close(fd);
    path_filestat_set_times(rw, FOLLOW, P("leaf"), 1, 1, SET_MODIFIED);
    path_filestat_get(rw, FOLLOW, P("flip/canary"), stat);
    path_create_directory(rw, P("flip/directory"));
    path_remove_directory(rw, P("flip/directory"));
    path_link(rw, 0, P("mine"), rw, P("flip/linked"));
    path_unlink_file(rw, P("flip/linked"));
    path_rename(rw, P("mine"), rw, P("flip/renamed"));
    path_rename(rw, P("flip/renamed"), rw, P("mine"));
    path_symlink(P("mine"), rw, P("flip/link"));
    path_unlink_file(rw, P("flip/link"));
    clock_time_get(1, 1, &now);
    now -= start;
  }
  ways_of("exchanged");
  say(" inside ");
  say_number(inside);
  say(" refused ");
  say_number(refused);
  say(" escaped ");
  say_number(escaped);
  ways_end();
}
