# Read by ./check --sabotage: is every important test able to fail? What a patch looks like stands in README.md beside this.

sabotage_limit=600 # seconds for one patch, so that a node that hangs does not keep the others waiting

header() { # header PATCH FIELD: the text after FIELD: in what stands before the diff
  sed -n "/^diff /q; s/^$2: *//p" "$1" | head -1
}

# Says how a test went, from the reports of its module: "STATUS<tab>message". The status is green, red, other (red, but no
# failure holds the text that is asked for), skipped or absent.
outcome() { # outcome TREE MODULE CLASS#METHOD [TEXT]
  local files
  files=$(reports "$1/$2" | grep -E "[.-]${3%%#*}\.xml$")
  [ -n "$files" ] || { printf 'absent\t\n'; return; }
  # shellcheck disable=SC2086
  method=${3#*#} text=${4:-} awk '
    function plain(s) {
      gsub(/&#10;|&#13;/, "\n", s); gsub(/&lt;/, "<", s); gsub(/&gt;/, ">", s); gsub(/&quot;/, "\"", s)
      gsub(/&apos;/, "\047", s); gsub(/&amp;/, "\\&", s)
      return s
    }
    BEGIN { RS = "<testcase "; method = ENVIRON["method"]; text = ENVIRON["text"] }
    /^name="/ {
      name = substr($0, 7)
      bad = match($0, /<(failure|error)[ >]/)
      if (index(name, method) != 1 || substr(name, length(method) + 1, 1) ~ /[A-Za-z0-9_$]/) {
        if (bad && setup == "") setup = substr($0, RSTART)
        next
      }
      if ($0 ~ /<skipped/) skipped++
      else if (!bad) green++
      else {
        failure = substr($0, RSTART)
        right = text == "" || index(plain(failure), text)
        if (first == "" || right && !good) first = failure
        if (right) good++
        red++
      }
    }
    END {
      status = red ? (good ? "red" : "other") : green ? "green" : skipped ? "skipped" : "absent"
      shown = red ? first : status == "absent" ? setup : ""
      if (match(shown, / message="[^"]*"/)) shown = substr(shown, RSTART + 10, RLENGTH - 11)
      else { sub(/^[^>]*>(<!\[CDATA\[)?/, "", shown) }
      shown = plain(shown)
      sub(/^[ \n]+/, "", shown); sub(/\n.*/, "", shown)
      print status "\t" shown
    }' $files
}

aside() { # ends and removes what a failing test leaves, before it disturbs the next
  sweep
  find "$TMPDIR" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
}

tests_of() { # tests_of TREE LOG MODULES TESTS OPTIONS...: builds what they need, and runs these tests alone
  local tree=$1 log=$2 modules=$3 tests=$4
  shift 4
  reports "$tree" | xargs -r rm -f
  (cd "$tree" && exec timeout -k 5 "$sabotage_limit" mvn -B -pl "$modules" -am verify --fail-at-end -Dcheckstyle.skip \
    -Dtrain.skip=true -Dmaven.test.failure.ignore=true -Dtest="$tests" -Dit.test="$tests" \
    -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false "$@") >>"$log" 2>&1
}

# Runs all named tests on the tree as it is: a test that is red anyway proves nothing. Leaves a file "green" with their names.
unpatched() { # unpatched COPY PATCHES...
  local copy=$1 group=0 options modules tests module test status message patch
  shift
  for patch in "$@"; do header "$patch" Expect-red; done | awk 'NF > 1' | sort -u >"$work/expected"
  : >"$work/green"
  while read -r options; do # those that are run with the same options, together
    group=$((group + 1))
    awk -v options="$options" '{ m = $1; t = $2; $1 = $2 = ""; sub(/^ +/, "") } $0 == options { print m, t }' "$work/expected" \
      >"$work/group"
    modules=$(cut -d' ' -f1 "$work/group" | sort -u | paste -sd,)
    tests=$(cut -d' ' -f2 "$work/group" | sort -u | paste -sd,)
    # shellcheck disable=SC2086
    sabotage_limit=1500 tests_of "$copy" "$work/unpatched-$group.log" "$modules" "$tests" $options </dev/null
    [ $? != 124 ] || echo "  took too long (log: $work/unpatched-$group.log)"
    while read -r module test; do
      IFS=$'\t' read -r status message < <(outcome "$copy" "$module" "$test")
      if [ "$status" = green ]; then
        echo "$module $test${options:+ $options}" >>"$work/green"
      else
        printf '  %s%s %s is %s without any patch%s (log: %s)%s\n' "$red" "$module" "$test" "$status" "${message:+: $message}" \
          "$work/unpatched-$group.log" "$plain"
        keep=yes
      fi
    done <"$work/group"
    aside
  done < <(awk '{ $1 = $2 = ""; sub(/^ +/, "") } !seen[$0]++' "$work/expected")
}

# Prints the verdict and, after a tab, why. The verdict is "red" when the named test noticed.
one_sabotage() { # one_sabotage PATCH COPY LOG
  local patch=$1 copy=$2 log=$3 module test options text status message rc
  read -r module test options < <(header "$patch" Expect-red)
  text=$(header "$patch" Expect-message)
  if [ -z "${test:-}" ] || [ "${test#*#}" = "$test" ] || [ ! -d "$copy/$module" ]; then
    printf 'NO TEST\tthe patch needs a line "Expect-red: MODULE CLASS#METHOD"\n'
    return
  fi
  if ! grep -qxF "$module $test${options:+ $options}" "$work/green"; then
    printf 'NOT TRIED\tits test is not green without it\n'
    return
  fi
  if ! (cd "$copy" && patch -p1 --forward --dry-run <"$patch") >"$log" 2>&1; then
    printf 'DOES NOT APPLY\t%s\n' "$(grep -m1 -E 'FAILED|find file|ignored|malformed' "$log")"
    return
  fi
  (cd "$copy" && patch -p1 --forward --silent <"$patch") >>"$log" 2>&1
  # shellcheck disable=SC2086
  tests_of "$copy" "$log" "$module" "$test" --offline -T 2 $options
  rc=$?
  IFS=$'\t' read -r status message < <(outcome "$copy" "$module" "$test" "$text")
  # its files are newer than what was built from them, so that the next build sees them
  (cd "$copy" && patch -p1 --reverse --silent <"$patch") >>"$log" 2>&1
  case $status in
    red) printf 'red\t%s\n' "$message" ;;
    other) printf 'OTHER REASON\tno failure tells "%s", but: %s\n' "$text" "$message" ;;
    green) printf 'GREEN\t%s does not notice\n' "$test" ;;
    skipped) printf 'DID NOT RUN\t%s was skipped\n' "$test" ;;
    *)
      if [ $rc = 124 ] || [ $rc = 137 ]; then
        printf 'DID NOT END\tended after %d s\n' "$sabotage_limit"
      elif grep -q 'COMPILATION ERROR' "$log"; then
        printf 'DOES NOT COMPILE\t%s\n' "$(grep -m1 -E '^\[ERROR\] /' "$log" | sed "s|$copy/||")"
      else
        printf 'DID NOT RUN\t%s\n' "${message:-$(grep -m1 -E '^\[ERROR\]' "$log")}"
      fi ;;
  esac
}

run_sabotage() {
  local patch copy=$work/tree bad=0 good=0 from verdict why name log colour
  local patches=()
  shopt -s nullglob
  [ ${#sabotage[@]} != 0 ] || sabotage=('*')
  for name in "${sabotage[@]}"; do
    # shellcheck disable=SC2206
    local found=("$root"/itests/sabotage/$name.patch)
    if [ ! -e "${found[0]:-}" ]; then
      echo "check: no patch itests/sabotage/$name.patch" >&2
      exit 2
    fi
    patches+=("${found[@]}")
  done
  headline "A copy of the tree"
  mkdir "$copy"
  # what was built is taken along, times and all, so that only what a patch touches is built again
  { git ls-files -co --exclude-standard; find . -type d -name target -prune -print | sed 's|^\./||'; } |
    while read -r file; do [ -e "$file" ] && echo "$file"; done |
    tar -cf - --exclude=maven.log -T - | tar -xf - -C "$copy" || exit 2
  echo "  $(du -sh "$copy" | cut -f1)"
  headline "The tests without any patch"
  from=$SECONDS
  unpatched "$copy" "${patches[@]}"
  echo "  $(wc -l <"$work/green") of $(wc -l <"$work/expected") are green, after $(minutes $((SECONDS - from)))"
  headline "Sabotage"
  for patch in "${patches[@]}"; do
    name=$(basename "$patch" .patch)
    log=$work/$name.log
    from=$SECONDS
    IFS=$'\t' read -r verdict why < <(one_sabotage "$patch" "$copy" "$log")
    aside
    if [ "$verdict" = red ]; then
      good=$((good + 1)) colour=$green
    else
      bad=$((bad + 1)) colour=$red keep=yes
    fi
    printf '  %s%-40s %-16s%s %4d s  %s\n' "$colour" "$name" "$verdict" "$plain" $((SECONDS - from)) "${why:0:200}"
    [ "$verdict" = red ] || [ ! -e "$log" ] || echo "    log: $log"
  done
  rm -rf "$copy"
  colour=$green
  [ $bad = 0 ] || colour=$red
  headline "$(minutes $((SECONDS - started))) in all"
  printf '%s%d of %d are noticed by their tests%s\n' "$colour" "$good" $((good + bad)) "$plain"
  printf '%d passed, %d failed, 0 skipped\n' "$good" "$bad"
  [ $bad = 0 ]
}
