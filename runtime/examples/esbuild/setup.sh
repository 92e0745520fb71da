#!/bin/sh
# Fetches esbuild, compiled to WASI by its authors, from npm by name, and writes the manifest for this directory:
#
#   runtime/examples/esbuild/setup.sh
#   ./bundlet run runtime/examples/esbuild/pod.yaml
#   node runtime/examples/esbuild/work/out/app.js
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here"
command -v npm >/dev/null || { echo "setup.sh: npm is missing; install Node.js with npm" >&2; exit 2; }
if [ ! -f node_modules/@esbuild/wasi-preview1/esbuild.wasm ]; then
  echo "fetching @esbuild/wasi-preview1 from npm"
  npm install --silent --no-save --no-package-lock --ignore-scripts --prefix "$here" @esbuild/wasi-preview1@0.27.2
fi
mkdir -p work
cp -r src work/
# A hostPath is absolute, so the manifest is made for the place where it stands.
sed "s|@HERE@|$here|g" pod.yaml.in >pod.yaml
echo "ready: ./bundlet run ${here#"$PWD"/}/pod.yaml"
