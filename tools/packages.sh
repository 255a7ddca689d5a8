# Debian packages by purpose, and the installer that adds only what is missing. Sourced by ./dev.
# shellcheck shell=bash

build_packages=(
  clang-19 cmake ninja-build mold ccache python3 git ca-certificates redis-server
  libfmt-dev libcli11-dev libtomlplusplus-dev prometheus-cpp-dev
  libcurl4-openssl-dev libssl-dev
)
fuzz_packages=(llvm-19 libclang-rt-19-dev)
model_packages=(spin)
bench_packages=(wrk nginx libnginx-mod-http-lua lua-cjson webdis libbenchmark-dev)
test_packages=(clang-tidy-19 clang-format-19 "${fuzz_packages[@]}"
  "${model_packages[@]}" doctest-dev chromium-headless-shell opensmtpd nginx caddy haproxy)

say() { echo "dev: $*" >&2; }

fail() {
  say "$*"
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    command -v sudo > /dev/null || fail "needs root or sudo for: $*"
    sudo "$@"
  fi
}

# quietly <what> <command…>: one line when it works, everything it printed when it does not.
quietly() {
  local what=$1 output
  shift
  say "$what"
  output=$("$@" 2>&1) || {
    printf '%s\n' "$output" >&2
    fail "failed: $what"
  }
}

installed() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2> /dev/null)" = installed ]
}

# A machine's own Node is kept when it is new enough, wherever it came from.
node_packages() {
  local major
  major=$(node --version 2> /dev/null | sed 's/^v\([0-9]*\).*/\1/') || true
  [ "${major:-0}" -ge 18 ] || echo nodejs
  command -v npm > /dev/null || echo npm
}

# Installing a server starts it on Debian; a short-lived policy says no, unless there is one.
install_without_starting() {
  as_root env DEBIAN_FRONTEND=noninteractive sh -c '
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
      printf "#!/bin/sh\nexit 101\n" > $policy
      chmod 755 $policy
      trap "rm -f $policy" EXIT
    fi
    apt-get install --yes --quiet --no-install-recommends "$@"' install "$@"
}

install_packages() {
  local package missing=()
  for package in "$@"; do
    installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get > /dev/null || fail "Debian 12 or 13 needed to install: ${missing[*]}"
  quietly "reading package lists" as_root apt-get update --quiet
  quietly "installing ${missing[*]}" install_without_starting "${missing[@]}"
}

# What the server embeds, unless the tests' packages are there, which hold it as well.
deps_build() {
  install_packages "${build_packages[@]}"
  deps_boost
  deps_node
  npm_has installed || npm_has built || npm_install built --omit=dev
}

deps_node() {
  local node
  mapfile -t node < <(node_packages)
  install_packages "${node[@]}"
}

npm_has() { cmp --silent package-lock.json "node_modules/.$1-lock"; }

# npm_install <mark> [option…]: exactly what the lock file names, and a mark that says so.
npm_install() {
  local mark=$1
  shift
  quietly "installing npm packages" npm ci --ignore-scripts --no-audit --no-fund "$@"
  cp package-lock.json "node_modules/.$mark-lock"
}

# The peers that claimcheck is measured against; the Node ones have a lock file of their own.
deps_bench() {
  deps_node
  npm_has installed || npm_install installed
  deps_build
  install_packages "${bench_packages[@]}"
  ! cmp --silent bench/package-lock.json bench/node_modules/.installed-lock || return 0
  quietly "installing npm packages of bench" \
    npm ci --prefix bench --ignore-scripts --no-audit --no-fund
  cp bench/package-lock.json bench/node_modules/.installed-lock
}

# The tests' npm packages first: they are the build's as well.
deps_test() {
  deps_node
  npm_has installed || npm_install installed
  deps_build
  deps_servers
  deps_storage
  install_packages "${test_packages[@]}"
  deps_bench
}
