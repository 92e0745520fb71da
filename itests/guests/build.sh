#!/bin/sh
# Builds the guests of the tests from their sources. Needs clang, lld, wasi-libc, libclang-rt-14-dev-wasm32 and wabt.
# Usage: build.sh [DIRECTORY]    writes into DIRECTORY, by default beside the sources
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here}
mkdir -p "$out"
for source in "$here"/*.c; do
  clang --target=wasm32-wasi -O2 -Wall -Werror -Wl,--strip-all -o "$out/$(basename "$source" .c).wasm" "$source"
done
for source in "$here"/*.wat; do
  wat2wasm --enable-tail-call -o "$out/$(basename "$source" .wat).wasm" "$source"
done

# What calls WASI itself, without a libc between.
bare() { # bare NAME OPTIONS-AND-SOURCES...
  name=$1
  shift
  (cd "$here/wasi" && clang --target=wasm32 -nostdlib -ffreestanding -O2 -Wall -Wextra -Werror -Wl,--no-entry,--strip-all \
    -o "$out/$name.wasm" "$@" kit.c)
}
bare wasi-functions functions.c surroundings.c contents.c descriptors.c paths.c
bare wasi-unstable -DUNSTABLE functions.c surroundings.c contents.c descriptors.c paths.c
bare wasi-hostile hostile.c ways.c escapes.c changes.c places.c
