#!/bin/sh
# Builds hello.wasm. Needs clang, lld, wasi-libc and libclang-rt-14-dev-wasm32.
set -eu
cd "$(dirname "$0")"
clang --target=wasm32-wasi -O2 -Wall -Werror -Wl,--strip-all -o hello.wasm hello.c
