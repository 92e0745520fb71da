#!/bin/bash
# Gets a control plane for ./check --cluster: etcd from Debian's package, unpacked and not installed; kube-apiserver,
# kube-controller-manager and kube-scheduler from Debian's source package, built here (see itests/upstream/build.sh).
# usage: build-control-plane.sh CACHE
# They are kept in CACHE/VERSION, whose path is printed at last, by the version of Debian's package. What is there already is
# not made again, and needs no network. About ten minutes on two processors.
set -eu

{ # read whole, so that editing this file does not disturb a build
[ $# = 1 ] || { sed -n 's/^# usage/usage/p' "$0" >&2; exit 2; }
mkdir -p "$1"
cache=$(cd "$1" && pwd)
programs=(kube-apiserver kube-controller-manager kube-scheduler)

candidate() { LC_ALL=C apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: *//p' | grep -v '(none)' || :; }

version=$(candidate kubernetes-client) # made from the same source
if [ -z "$version" ] && [ "$(id -u)" = 0 ]; then
  apt-get update -qq >"$cache/update.log" 2>&1 || :
  version=$(candidate kubernetes-client)
fi
if [ -z "$version" ]; then # a machine without package lists takes what it has
  version=$(find "$cache" -mindepth 2 -maxdepth 2 -name kube-scheduler -printf '%h\n' | sed 's|.*/||' | sort -V | tail -1)
  [ -n "$version" ] || { echo "build-control-plane: this machine knows no package kubernetes-client of Debian" >&2; exit 2; }
fi
version=$(echo "$version" | tr -c 'A-Za-z0-9.\n-' _)
home=$cache/$version
mkdir -p "$home"

if [ ! -x "$home/etcd" ]; then
  echo "fetching etcd-server from Debian" >&2
  rm -rf "$home/etcd-package"
  mkdir "$home/etcd-package"
  (
    cd "$home/etcd-package"
    apt-get -qq -o APT::Sandbox::User=root download etcd-server
    dpkg-deb -x etcd-server_*.deb .
  ) >"$home/etcd.log" 2>&1 || { tail -5 "$home/etcd.log" >&2; exit 1; }
  mv "$home/etcd-package/usr/bin/etcd" "$home/etcd"
  rm -rf "$home/etcd-package"
fi

# One from before build.sh mended what a library makes of maps ends at the first custom resource.
[ -e "$home/mended" ] || rm -f "$home/kube-apiserver"
BUNDLET_CGO_ENABLED=0 "$(dirname "$0")/../upstream/build.sh" "$home" "${programs[@]}"
touch "$home/mended"
echo "$home"
exit 0
}
