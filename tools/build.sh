# Building presets and running CTest. Sourced by ./dev after tools/packages.sh.
# shellcheck shell=bash

# Compiler cache hits must not depend on where the repository was cloned.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

# logged <log> <what> <command…>: the command's output only when it fails.
logged() {
  local log=$1 what=$2
  shift 2
  "$@" > "$log" 2>&1 || {
    cat "$log" >&2
    fail "cannot $what"
  }
}

configure() {
  local folder=build/$1
  [ ! -e "$folder/build.ninja" ] || return 0
  mkdir -p build
  say "configuring $folder"
  logged "build/$1.log" "configure $folder" cmake --preset "$1"
}

# configure_with <preset> <option>: the same folder with one option on. Nothing is compiled again.
configure_with() {
  grep -qs "^$2:BOOL=ON" "build/$1/CMakeCache.txt" && return 0
  mkdir -p build
  say "configuring build/$1 with $2"
  logged "build/$1.log" "configure build/$1" cmake --preset "$1" -D "$2=ON"
}

# build <preset> [target…]: no line when all is up to date, which is when it takes but a moment.
build() {
  local folder=build/$1 log=build/$1.log announcement
  configure "$1"
  shift
  { sleep 2 &> /dev/null && say "building $folder"; } &
  announcement=$!
  logged "$log" "build $folder" ninja -C "$folder" --quiet "$@"
  kill "$announcement" 2> /dev/null || true
  wait "$announcement" 2> /dev/null || true
}

# run_tests [name…]: one ctest run of the dev preset, whose CTest also holds the sanitized suites.
run_tests() {
  local name names='' selection=()
  for name in "$@"; do names+="${names:+|}$name"; done
  [ -z "$names" ] || selection=(--tests-regex "^($names)\$")
  configure dev
  [[ $names =~ ^(tidy|tidy_rules|format|\|)+$ ]] || build dev
  case ",${names//|/,}," in
    ,, | *,asan_*) build asan ;;
  esac
  ctest --test-dir build/dev --parallel 2 --output-on-failure --no-tests=error "${selection[@]}"
}
