/* Prints the variable NONCE and its arguments. Built with build.sh. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  const char *nonce = getenv("NONCE");
  printf("hello from a WASI module, nonce %s\n", nonce ? nonce : "(none)");
  for (int i = 1; i < argc; i++) printf("argument %d: %s\n", i, argv[i]);
  return 0;
}
