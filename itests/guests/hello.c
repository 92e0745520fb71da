/* Says what it is given: the variable NONCE, each argument, and a file of a directory.
 *
 *   hello [--read FILE] [--exit CODE] [WORD...]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  int code = 0;
  const char *nonce = getenv("NONCE");
  printf("NONCE=%s\n", nonce ? nonce : "");
  printf("argv[0]=%s\n", argv[0]);
  const char *pwd = getenv("PWD");
  if (pwd) printf("PWD=%s\n", pwd);
  for (int i = 1; i < argc; i++) {
    if (!strcmp(argv[i], "--exit") && i + 1 < argc) {
      code = atoi(argv[++i]);
    } else if (!strcmp(argv[i], "--read") && i + 1 < argc) {
      const char *name = argv[++i];
      FILE *file = fopen(name, "r");
      if (!file) {
        perror(name);
        code = 2;
        continue;
      }
      char line[4096];
      while (fgets(line, sizeof line, file)) printf("%s: %s", name, line);
      fclose(file);
    } else {
      printf("argument %s\n", argv[i]);
    }
  }
  return code;
}
