// A guest that means harm. Arguments: TOKEN CASE, and a name for what is no file, or a number for one bad address.
#include "ways.h"

static const struct {
  const char *name;
  void (*tries)(void);
} cases[] = {
  {"up-and-absolute", leads_out},
  {"links", leads_out_by_links},
  {"names", has_odd_names},
  {"read-only", changes_what_is_read_only},
  {"mounts", moves_between_mounts},
  {"numbers", takes_numbers},
  {"no-file", opens_what_is_no_file},
  {"counts", counts_too_far},
  {"addresses", points_too_far},
  {"race", races},
};

__attribute__((export_name("_start"))) void start(void) {
  kit_begin();
  for (u32 i = 0; i < sizeof cases / sizeof *cases; i++)
    if (equal(argument(2), cases[i].name)) {
      cases[i].tries();
      say(token);
      say(" at its end");
      end();
      return;
    }
  proc_exit(99);
}
