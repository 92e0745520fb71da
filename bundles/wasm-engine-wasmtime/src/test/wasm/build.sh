#!/bin/sh
# Makes the guests of the tests from their sources. Needs Debian's clang, lld, wasi-libc, libclang-rt-14-dev-wasm32, wabt.
set -e
cd "$(dirname "$0")"
out=../resources/wasm
mkdir -p "$out"
clang --target=wasm32-wasi -O1 -Wl,--strip-debug probe.c -o "$out/probe.wasm"
for module in core clocks opens renumbers; do
  wat2wasm "$module.wat" -o "$out/$module.wasm"
done
