#!/bin/sh
# Makes the modules of the tests from their sources; wat2wasm is in Debian's wabt.
set -e
cd "$(dirname "$0")"
for module in all imported-memory bare grows; do
  wat2wasm --debug-names "$module.wat" -o "../resources/wasm/$module.wasm"
done
for source in features/*.wat; do
  wat2wasm --enable-all "$source" -o "../resources/wasm/features/$(basename "$source" .wat).wasm"
done
