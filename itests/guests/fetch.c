/* Asks for something over HTTP by the host module wasi_experimental_http and prints what it is told.
 *
 *   fetch METHOD URL [HEADERS [BODY]]     prints "code N"; if that is 0, "status N", the headers and the body
 *   fetch -reads N METHOD URL             reads the body N times, a byte at a time, and prints "read N" at the end
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IMPORT(name) __attribute__((import_module("wasi_experimental_http"), import_name(name)))

IMPORT("req")
int32_t http_req(const char *url, uint32_t url_len, const char *method, uint32_t method_len, const char *headers,
                 uint32_t headers_len, const char *body, uint32_t body_len, uint16_t *status, uint32_t *handle);
IMPORT("close") int32_t http_close(uint32_t handle);
IMPORT("header_get")
int32_t http_header(uint32_t handle, const char *name, uint32_t name_len, char *value, uint32_t room,
                    uint32_t *written);
IMPORT("headers_get_all") int32_t http_headers(uint32_t handle, char *text, uint32_t room, uint32_t *written);
IMPORT("body_read") int32_t http_body(uint32_t handle, char *buffer, uint32_t room, uint32_t *read);

static char buffer[65536];

int main(int argc, char **argv) {
  long reads = 0;
  int at = 1;
  if (argc > 2 && strcmp(argv[1], "-reads") == 0) {
    reads = atol(argv[2]);
    at = 3;
  }
  if (argc < at + 2) {
    return 2;
  }
  const char *method = argv[at];
  const char *url = argv[at + 1];
  const char *headers = argc > at + 2 ? argv[at + 2] : "";
  const char *body = argc > at + 3 ? argv[at + 3] : "";
  uint16_t status = 0;
  uint32_t handle = 0;
  uint32_t length = 0;
  int32_t code = http_req(url, strlen(url), method, strlen(method), headers, strlen(headers), body, strlen(body),
                          &status, &handle);
  printf("code %d\n", code);
  fflush(stdout);
  if (code != 0) {
    return 10 + code;
  }
  printf("status %d\n", status);
  for (long i = 0; i < reads; i++) {
    http_body(handle, buffer, 1, &length);
  }
  if (reads > 0) {
    printf("read %ld\n", reads);
    return 0;
  }
  if (http_headers(handle, buffer, sizeof buffer, &length) == 0) {
    printf("%.*s", (int) length, buffer);
  }
  if (http_header(handle, "x-nonce", 7, buffer, sizeof buffer, &length) == 0) {
    printf("nonce %.*s\n", (int) length, buffer);
  }
  while (http_body(handle, buffer, 1000, &length) == 0 && length > 0) {
    fwrite(buffer, 1, length, stdout);
  }
  printf("\nclosed %d\n", http_close(handle));
  return 0;
}
