#!/bin/bash
# Builds programs of the Kubernetes project from Debian's source package.
# usage: build.sh SCRATCH PROGRAM...
# SCRATCH gets everything: package lists, source, compiler's cache, and at last SCRATCH/PROGRAM for each. It needs 6 GB and
# must not lie in this repository. Nothing is built when all of them are there. Takes five to ten minutes on two processors;
# how far it is goes to standard error every half minute.
# As root on Debian; installs the compiler and what else is missing by the names of their packages.
set -eu

{ # read whole, so that editing this file does not disturb a build
[ $# -ge 2 ] || { sed -n 's/^# usage/usage/p' "$0" >&2; exit 2; }
mkdir -p "$1"
scratch=$(cd "$1" && pwd)
shift
repository=$(cd "$(dirname "$0")/../.." && pwd)
case $scratch/ in "$repository"/*) echo "build: $scratch lies in the repository; name another folder" >&2; exit 2 ;; esac
exec 8>"$scratch/lock"
flock 8 # two at once would tread on each other
missing=()
for program; do [ -x "$scratch/$program" ] || missing+=("$program"); done
[ ${#missing[@]} != 0 ] || exit 0

# --- tools

packages=()
for package in golang-go gcc make rsync dpkg-dev patch; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || packages+=("$package")
done
if [ ${#packages[@]} != 0 ]; then
  [ "$(id -u)" = 0 ] || { echo "build: as root: apt-get install ${packages[*]}" >&2; exit 2; }
  {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
  } >"$scratch/install.log" 2>&1 || { tail -5 "$scratch/install.log" >&2; exit 1; }
fi

# --- source: from where the machine has its Debian packages, with lists of its own

lists=$scratch/apt
mkdir -p "$lists/lists/partial" "$lists/cache/archives/partial"
apt-get indextargets --format 'deb-src $(REPO_URI) $(RELEASE) main|$(ORIGIN)' 'Created-By: Packages' |
  sed -n 's/|Debian$//p' | sort -u >"$lists/sources.list"
[ -s "$lists/sources.list" ] || { echo "build: this machine has no packages from Debian" >&2; exit 2; }
apt=(apt-get -qq -o "Dir::Etc::sourcelist=$lists/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$lists/lists"
  -o "Dir::Cache=$lists/cache" -o APT::Sandbox::User=root)
echo "fetching the source of kubernetes from Debian" >&2
"${apt[@]}" update
rm -rf "$scratch/source"
mkdir "$scratch/source"
(cd "$scratch/source" && "${apt[@]}" source --download-only kubernetes)
tree=$scratch/go/src/k8s.io/kubernetes # where Go looks for it without modules
rm -rf "$tree"
mkdir -p "$(dirname "$tree")"
dpkg-source --no-check -x "$scratch"/source/kubernetes_*.dsc "$tree" >"$scratch/unpack.log"

# A library of it goes over maps as Go did before 1.18. With a later one it goes over memory that is no map's, and the
# server ends as soon as somebody makes a custom resource.
maps=$tree/vendor/github.com/modern-go/reflect2
if grep -q '^func mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer) \*hiter$' "$maps/unsafe_link.go"; then
  sed -i 's/^func mapiterinit(.*/func mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer, it *hiter)/
    s|^\t// rest fields are ignored$|\tpointers [6]unsafe.Pointer\n\tnumbers  [4]uintptr|' "$maps/unsafe_link.go"
  sed -i 's/mapiterinit(type2/newIteration(type2/' "$maps/unsafe_map.go"
  cat >>"$maps/unsafe_map.go" <<'GO'

func newIteration(rtype unsafe.Pointer, m unsafe.Pointer) *hiter {
	it := new(hiter)
	mapiterinit(rtype, m, it)
	return it
}
GO
fi

# --- build

version=$(dpkg-parsechangelog -l "$tree/debian/changelog" -S Version | sed 's/.*really//; s/-.*//; s/+.*//')
cat >"$scratch/version" <<TEXT
KUBE_GIT_COMMIT='debian'
KUBE_GIT_TREE_STATE='archive'
KUBE_GIT_VERSION='v$version'
KUBE_GIT_MAJOR='${version%%.*}'
KUBE_GIT_MINOR='$(echo "$version" | cut -d. -f2)'
TEXT
echo "building ${missing[*]} $version; the log is $scratch/build.log" >&2
began=$SECONDS
(
  cd "$tree"
  export GOPATH=$scratch/go GOCACHE=$scratch/cache GOTMPDIR=$scratch GO111MODULE=off GOFLAGS='' GOPROXY=off
  export KUBE_GIT_VERSION_FILE=$scratch/version KUBE_OUTPUT_SUBPATH=_output/local CGO_ENABLED=${BUNDLET_CGO_ENABLED:-1}
  unset TMPDIR
  exec nice -n 10 make WHAT="${missing[*]/#/cmd/}"
) >"$scratch/build.log" 2>&1 8>&- &
make=$!
trap 'kill "$make" 2>/dev/null' EXIT
for ((look = 1; ; look++)); do
  kill -0 "$make" 2>/dev/null || break
  [ $((look % 30)) != 0 ] ||
    echo "  $(((SECONDS - began) / 60)) min: $(find "$tree/_output" -name '*-d' 2>/dev/null | wc -l) files compiled" >&2
  sleep 1
done
trap - EXIT
wait "$make" || { tail -20 "$scratch/build.log" >&2; exit 1; }
for program in "${missing[@]}"; do
  binary=$(find "$tree/_output" -type f -name "$program" -perm -u+x | head -1)
  [ -n "$binary" ] || { echo "build: no $program in $tree/_output; see $scratch/build.log" >&2; exit 1; }
  cp "$binary" "$scratch/$program.part"
  mv "$scratch/$program.part" "$scratch/$program"
done
rm -rf "$scratch/source" "$scratch/cache" "$scratch/go"
exit 0
}
