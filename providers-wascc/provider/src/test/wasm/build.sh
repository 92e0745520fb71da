#!/bin/sh
# Makes the test guests from their text. Needs wabt.
set -e
cd "$(dirname "$0")"
for source in *.wat; do
  wat2wasm "$source" -o "../resources/wasm/${source%.wat}.wasm"
done
