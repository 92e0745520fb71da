// Reading and writing: whatever moves bytes between a descriptor and memory, and where in the file.
#include "probes.h"

static char got[64];

static u32 read_two(u32 fd, u32 *length) {
  memset(got, '.', sizeof got);
  piece in[] = {{got, 3}, {got + 10, 4}};
  return fd_read(fd, in, 2, length);
}

static void tries_fd_read(void) {
  u32 fd, length = 0;
  expect("opening what the host has given", SUCCESS, open_in(rw, "given", 0, READ | SEEK, &fd));
  static char given[256];
  piece whole = {given, sizeof given};
  expect("what the host has given", SUCCESS, fd_read(fd, &whole, 1, &length));
  holds("its content",
      length == length_of(token) + 6 && same(given, "given ", 6) && same(given + 6, token, length - 6));
  expect("at the end", SUCCESS, fd_read(fd, &whole, 1, &length));
  expect("nothing at the end", 0, length);
  fd_close(fd);
  fd = file("read", "0123456789");
  fd_seek(fd, 1, FROM_START, &(u64){0});
  expect("in two pieces", SUCCESS, read_two(fd, &length));
  holds("the two pieces", length == 7 && same(got, "123.......4567.", 15));
  expect("the rest", SUCCESS, read_two(fd, &length));
  holds("what is the rest", length == 2 && same(got, "89.......", 9));
  expect("no pieces", SUCCESS, fd_read(fd, &whole, 0, &length));
  expect("closed", BADF, fd_read(CLOSED, &whole, 1, &length));
  expect_bad("pieces past the end", FAULT, fd_read(fd, NOWHERE, 4, &length));
  fd_seek(fd, 0, FROM_START, &(u64){0});
  expect_bad("into a place past the end", FAULT, fd_read(fd, &(piece){NOWHERE, 100}, 1, &length));
  fd_close(fd);
  expect("opening to write only", SUCCESS, open_in(rw, "read", 0, WRITE, &fd));
  expect("without the right", NOTCAPABLE, fd_read(fd, &whole, 1, &length));
  fd_close(fd);
}

static void tries_fd_pread(void) {
  u32 length = 0, fd = file("pread", "0123456789");
  u64 before = 0, after = 0;
  fd_tell(fd, &before);
  memset(got, '.', sizeof got);
  piece in[] = {{got, 2}, {got + 4, 2}};
  expect("in two pieces", SUCCESS, fd_pread(fd, in, 2, 5, &length));
  holds("the two pieces", length == 4 && same(got, "56..78..", 8));
  fd_tell(fd, &after);
  expect("the position", before, after);
  expect("past the end of the file", SUCCESS, fd_pread(fd, in, 2, 1000, &length));
  expect("nothing there", 0, length);
  expect("closed", BADF, fd_pread(CLOSED, in, 2, 0, &length));
  expect_bad("pieces past the end", FAULT, fd_pread(fd, NOWHERE, 4, 0, &length));
  fd_close(fd);
}

static void tries_fd_write(void) {
  u32 length = 0, fd = file("written", "");
  piece out[] = {{"written ", 8}, {"by ", 3}, {token, length_of(token)}};
  expect("in three pieces", SUCCESS, fd_write(fd, out, 3, &length));
  expect("how much", 11 + length_of(token), length);
  expect("closed", BADF, fd_write(CLOSED, out, 3, &length));
  expect_bad("pieces past the end", FAULT, fd_write(fd, NOWHERE, 4, &length));
  expect_bad("from a place past the end", FAULT, fd_write(fd, &(piece){NOWHERE, 100}, 1, &length));
  fd_close(fd);
  expect("opening to read only", SUCCESS, open_in(rw, "written", 0, READ, &fd));
  expect("without the right", NOTCAPABLE, fd_write(fd, out, 1, &length));
  fd_close(fd);
  if (open_in(ro, "given", 0, READ | WRITE, &fd) == SUCCESS) {
    holds("a file of a read-only mount was written", fd_write(fd, out, 1, &length) != SUCCESS);
    fd_close(fd);
  }
}

static void tries_fd_pwrite(void) {
  u32 length = 0, fd = file("pwrite", "0123456789");
  piece out[] = {{"ab", 2}, {"c", 1}};
  u64 before = 0, after = 0;
  fd_tell(fd, &before);
  expect("in two pieces", SUCCESS, fd_pwrite(fd, out, 2, 4, &length));
  expect("how much", 3, length);
  expect("the content", SUCCESS, content_is(fd, "0123abc789"));
  fd_tell(fd, &after);
  expect("the position", before, after);
  expect("closed", BADF, fd_pwrite(CLOSED, out, 2, 0, &length));
  expect_bad("pieces past the end", FAULT, fd_pwrite(fd, NOWHERE, 4, 0, &length));
  fd_close(fd);
}

static void tries_fd_seek(void) {
  u32 fd = file("seek", "0123456789");
  u64 at = 0;
  expect("from the start", SUCCESS, fd_seek(fd, 4, FROM_START, &at));
  expect("is at", 4, at);
  expect("from here", SUCCESS, fd_seek(fd, -1, FROM_HERE, &at));
  expect("is then at", 3, at);
  expect("from the end", SUCCESS, fd_seek(fd, -2, FROM_END, &at));
  expect("is at last at", 8, at);
  expect("past the end of the file", SUCCESS, fd_seek(fd, 100, FROM_START, &at));
  expect("before the start", INVAL, fd_seek(fd, -1, FROM_START, &at));
  expect_bad("from nowhere", INVAL, fd_seek(fd, 0, 3, &at));
  expect("closed", BADF, fd_seek(CLOSED, 0, FROM_START, &at));
  fd_close(fd);
}

static void tries_fd_tell(void) {
  u32 fd = file("tell", "0123456789");
  u64 at = 0;
  expect("after writing", SUCCESS, fd_tell(fd, &at));
  expect("is at", 10, at);
  fd_seek(fd, 3, FROM_START, &at);
  expect("after seeking", SUCCESS, fd_tell(fd, &at));
  expect("is then at", 3, at);
  expect("closed", BADF, fd_tell(CLOSED, &at));
  expect_bad("address past the end", FAULT, fd_tell(fd, NOWHERE));
  fd_close(fd);
}

// Reads a directory through a buffer that takes one entry at a time; the letter of each name, and its type.
static u32 list(u32 directory, u32 size, char *into) {
  u8 entries[DIRENT_SIZE + 40];
  u64 cookie = 0;
  for (int i = 0; i < 40; i++) {
    u32 used = 0;
    u32 error = fd_readdir(directory, entries, size, cookie, &used);
    if (error) return error;
    if (used < DIRENT_SIZE) break;
    u32 name = (u32)load(entries + 16, 4);
    if (name > 30 || used < DIRENT_SIZE + name) return ~0u;
    *into++ = (char)entries[DIRENT_SIZE + name - 1];
    *into++ = (char)('0' + entries[20]);
    cookie = load(entries, 8);
  }
  *into = 0;
  return SUCCESS;
}

static void tries_fd_readdir(void) {
  u32 directory, fd;
  path_create_directory(rw, "listed", 6);
  path_create_directory(rw, "listed/sub-d", 12);
  fd_close(file("listed/file-f", ""));
  path_symlink("file-f", 6, rw, "listed/link-l", 13);
  expect("opening it", SUCCESS, open_in(rw, "listed", ONLY_DIRECTORY, READDIR, &directory));
  static char seen[128];
  expect("one by one", SUCCESS, list(directory, DIRENT_SIZE + 40, seen));
  expect("how many, with itself and its parent", 10, length_of(seen));
  static const char *const wanted[] = {"d3", "f4", "l7"};
  for (int i = 0; i < 3; i++) {
    int found = 0;
    for (size_t at = 0; at < length_of(seen); at += 2) found |= same(seen + at, wanted[i], 2);
    holds(wanted[i], found);
  }
  u8 all[512];
  u32 used = 0;
  expect("all at once", SUCCESS, fd_readdir(directory, all, sizeof all, 0, &used));
  expect("all take", 5 * DIRENT_SIZE + 1 + 2 + 5 + 6 + 6, used);
  memset(all, 0xa5, sizeof all);
  expect("into 40 bytes", SUCCESS, fd_readdir(directory, all, 40, 0, &used));
  expect("the 40 bytes are used", 40, used);
  expect("after them", 0xa5, all[40]);
  expect("closed", BADF, fd_readdir(CLOSED, all, sizeof all, 0, &used));
  expect_bad("address past the end", FAULT, fd_readdir(directory, NOWHERE, 100, 0, &used));
  fd_close(directory);
  fd = file("listed/file-f", "");
  u32 error = fd_readdir(fd, all, sizeof all, 0, &used);
  holds("a file was listed", error == NOTDIR || error == BADF || error == NOTCAPABLE);
  fd_close(fd);
}

const probe contents[] = {
  {"fd_read", tries_fd_read},
  {"fd_pread", tries_fd_pread},
  {"fd_write", tries_fd_write},
  {"fd_pwrite", tries_fd_pwrite},
  {"fd_seek", tries_fd_seek},
  {"fd_tell", tries_fd_tell},
  {"fd_readdir", tries_fd_readdir},
  NONE_LEFT,
};
