#!/bin/bash
# Builds the Kubernetes project's own kubelet, for ./check --peer to compare Bundlet with, and prints where it is.
# usage: build-kubelet.sh SCRATCH     (see itests/upstream/build.sh)
set -eu
[ $# = 1 ] || { sed -n 's/^# usage/usage/p' "$0" >&2; exit 2; }
"$(dirname "$0")/../upstream/build.sh" "$1" kubelet
echo "$(cd "$1" && pwd)/kubelet"
