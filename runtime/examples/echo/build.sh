#!/bin/sh
# Makes echo.wasm from echo.c. Needs clang and lld, no library.
set -e
cd "$(dirname "$0")"
clang --target=wasm32 -Os -nostdlib -ffreestanding -fno-builtin -Wall -Werror -Wl,--no-entry -Wl,--strip-all \
  -o echo.wasm echo.c
