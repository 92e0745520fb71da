#!/bin/bash
# Builds the Kubernetes project's own kubelet from Debian's source package, for ./check --peer to compare Bundlet with.
# usage: build-kubelet.sh SCRATCH
# SCRATCH gets everything: package lists, source, compiler's cache, and at last SCRATCH/kubelet. It needs 6 GB and must not
# lie in this repository. Nothing is built when the kubelet is there. Takes five to ten minutes on two processors.
# As root on Debian; installs the compiler and what else is missing by the names of their packages.
set -eu

{ # read whole, so that editing this file does not disturb a build
[ $# = 1 ] || { sed -n 's/^# usage/usage/p' "$0" >&2; exit 2; }
mkdir -p "$1"
scratch=$(cd "$1" && pwd)
repository=$(cd "$(dirname "$0")/../.." && pwd)
case $scratch/ in "$repository"/*) echo "build-kubelet: $scratch lies in the repository; name another folder" >&2; exit 2 ;; esac
if [ -x "$scratch/kubelet" ]; then
  echo "$scratch/kubelet"
  exit 0
fi

# --- tools

missing=()
for package in golang-go gcc make rsync dpkg-dev patch; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} != 0 ]; then
  [ "$(id -u)" = 0 ] || { echo "build-kubelet: as root: apt-get install ${missing[*]}" >&2; exit 2; }
  {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
  } >"$scratch/install.log" 2>&1 || { tail -5 "$scratch/install.log" >&2; exit 1; }
fi

# --- source: from where the machine has its Debian packages, with lists of its own

lists=$scratch/apt
mkdir -p "$lists/lists/partial" "$lists/cache/archives/partial"
apt-get indextargets --format 'deb-src $(REPO_URI) $(RELEASE) main|$(ORIGIN)' 'Created-By: Packages' |
  sed -n 's/|Debian$//p' | sort -u >"$lists/sources.list"
[ -s "$lists/sources.list" ] || { echo "build-kubelet: this machine has no packages from Debian" >&2; exit 2; }
apt=(apt-get -qq -o "Dir::Etc::sourcelist=$lists/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$lists/lists"
  -o "Dir::Cache=$lists/cache" -o APT::Sandbox::User=root)
"${apt[@]}" update
rm -rf "$scratch/source"
mkdir "$scratch/source"
(cd "$scratch/source" && "${apt[@]}" source --download-only kubernetes)
tree=$scratch/go/src/k8s.io/kubernetes # where Go looks for it without modules
rm -rf "$tree"
mkdir -p "$(dirname "$tree")"
dpkg-source --no-check -x "$scratch"/source/kubernetes_*.dsc "$tree" >"$scratch/unpack.log"

# --- build

version=$(dpkg-parsechangelog -l "$tree/debian/changelog" -S Version | sed 's/.*really//; s/-.*//; s/+.*//')
cat >"$scratch/version" <<TEXT
KUBE_GIT_COMMIT='debian'
KUBE_GIT_TREE_STATE='archive'
KUBE_GIT_VERSION='v$version'
KUBE_GIT_MAJOR='${version%%.*}'
KUBE_GIT_MINOR='$(echo "$version" | cut -d. -f2)'
TEXT
echo "building the kubelet $version; the log is $scratch/build.log" >&2
if ! (
  cd "$tree"
  export GOPATH=$scratch/go GOCACHE=$scratch/cache GOTMPDIR=$scratch GO111MODULE=off GOFLAGS='' GOPROXY=off
  export KUBE_GIT_VERSION_FILE=$scratch/version KUBE_OUTPUT_SUBPATH=_output/local
  unset TMPDIR
  nice -n 10 make WHAT=cmd/kubelet
) >"$scratch/build.log" 2>&1; then
  tail -20 "$scratch/build.log" >&2
  exit 1
fi
binary=$(find "$tree/_output" -type f -name kubelet -perm -u+x | head -1)
[ -n "$binary" ] || { echo "build-kubelet: no kubelet in $tree/_output; see $scratch/build.log" >&2; exit 1; }
cp "$binary" "$scratch/kubelet.part"
mv "$scratch/kubelet.part" "$scratch/kubelet"
rm -rf "$tree" "$scratch/source" "$scratch/cache" "$scratch/go"
echo "$scratch/kubelet"
exit 0
}
