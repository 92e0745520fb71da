// The ways of a guest that means harm. Each is tried and told: what it is, and the errno that came of it, or what it
// led to. The test decides what may work.
#pragma once
#include "kit.h"

// Tells one way: a word for it, and its errno.
void tell(const char *way, u32 error);
// Opens, and tells what could be read when that worked.
void tell_open(const char *way, u32 in, const void *path, u32 length, u32 lookup, u32 how, u64 rights);
// Begins and ends the ways of one path or place, which are in one line.
void ways_of(const char *label);
void ways_end(void);
// Tries all that can be done with a path below rw, none of which may work.
void every_way(const char *label, const void *path, u32 length);
// Tries all that follows a link below rw to its end.
void followed(const char *label, const char *path);
// Bytes of this guest's memory.
u32 memory_end(void);

void leads_out(void);
void leads_out_by_links(void);
void has_odd_names(void);
void changes_what_is_read_only(void);
void moves_between_mounts(void);
void takes_numbers(void);
void opens_what_is_no_file(void);
void counts_too_far(void);
void points_too_far(void);
void races(void);
