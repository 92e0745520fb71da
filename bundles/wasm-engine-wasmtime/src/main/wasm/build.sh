#!/bin/sh
# Makes the shim modules from their sources; wat2wasm is in Debian's wabt.
set -e
cd "$(dirname "$0")"
for module in open poll poller renumber; do
  wat2wasm "$module.wat" -o "../resources/io/bundlet/wasm/engine/wasmtime/$module.wasm"
done
