// Ways out of a mount by names: up, absolute, through links, by names that are none.
#include "ways.h"

#define P(path) path, (u32)length_of(path)

static void every(const char *path) { every_way(path, P(path)); }

void leads_out(void) {
  every("../outside/canary");
  every("../outside/new");
  every("sub/../../outside/canary");
  every("./.././outside/canary");
  every("sub/../sub/../../outside/canary");
  every("to-sub/../../outside/canary");
  every("..");
  every("../");
  every("sub/../..");
  every("../rw2/given");
  every("/");
  every("//");
  every("/etc/passwd");
  every("/rw/given");
  every_way("absolute-canary", P(variable("CANARY")));
}

static void own_links(void) {
  static const char *const targets[] = {"../outside/canary", "/etc/passwd", "../outside", "sub/../../outside/canary"};
  static const char *const names[] = {"own-up", "own-absolute", "own-directory", "own-far"};
  for (int i = 0; i < 4; i++) {
    u32 refused = path_symlink(P(targets[i]), rw, P(names[i]));
    if (!refused) {
      followed(names[i], names[i]);
      continue;
    }
    ways_of(names[i]);
    tell("make", refused);
    ways_end();
  }
  every("own-directory/canary");
}

void leads_out_by_links(void) {
  every("to-outside/canary");
  every("to-outside/new");
  every("to-outside/.");
  every("absolute/canary");
  every("absolute/../outside/canary");
  every("chain/canary");
  every("to-sub/to-outside/canary");
  every("root/etc/passwd");
  every("up/outside/canary");
  every("loop/x");
  every("proc/0");
  every("proc/1");
  every("proc-self/root/etc/passwd");
  every("proc-self/cwd/x");
  every("proc-self/environ");
  followed("to-outside", "to-outside");
  followed("to-outside/", "to-outside/");
  followed("file-out", "file-out");
  followed("file-out/", "file-out/");
  followed("dangling", "dangling");
  followed("chain", "chain");
  followed("proc", "proc");
  followed("loop", "loop");
  static char number[] = "proc/00";
  for (char tens = '0'; tens < '5'; tens++) {
    ways_of("proc/N");
    for (char ones = '0'; ones <= '9'; ones++) {
      number[5] = tens == '0' ? ones : tens;
      number[6] = ones;
      tell_open("read", rw, number, tens == '0' ? 6 : 7, FOLLOW, 0, READ);
      tell_open("write", rw, number, tens == '0' ? 6 : 7, FOLLOW, 0, WRITE);
    }
    ways_end();
  }
  own_links();
  ways_of("hard links");
  tell("of-what-a-link-leads-to", path_link(rw, FOLLOW, P("file-out"), rw, P("stolen")));
  tell_open("read-that", rw, P("stolen"), FOLLOW, 0, READ);
  path_link(rw, 0, P("file-out"), rw, P("stolen-link"));
  tell_open("read-a-link-to-the-link", rw, P("stolen-link"), FOLLOW, 0, READ);
  ways_end();
}

void has_odd_names(void) {
  static char name[70000];
  every_way("given-NUL", "given\0", 6);
  every_way("given-NUL-x", "given\0x", 7);
  every_way("NUL", "\0", 1);
  every_way("out-NUL", "../outside/canary\0x", 19);
  every_way("sub-NUL-out", "sub\0/../../outside/canary", 25);
  every_way("empty", "", 0);
  memset(name, 'n', sizeof name);
  every_way("256-letters", name, 256);
  every_way("5000-letters", name, 5000);
  every_way("70000-letters", name, 70000);
  // long, and leads out
  for (u32 i = 0; i < 9000; i++) memcpy(name + 7 * i, "sub/../", 7);
  memcpy(name + 7 * 9000, "../outside/canary", 17);
  every_way("63017-letters-out", name, 63017);
  every_way("3517-letters-out", name + 7 * 8500, 3517);
  every_way("no-utf-8", "\xff\xfe/../../outside/canary", 25);
}
