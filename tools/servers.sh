# Redis 8 and Valkey 8 beside the system's Redis, for tests: Debian 13's signed packages, unpacked
# into .deps/servers with the C library they were made for, and started through it. A folder with
# a program named redis-server for each, so a test chooses one by PATH. Sourced by ./dev after
# tools/boost.sh.
# shellcheck shell=bash

server_packages=(
  redis-tools valkey-tools libc6 libjemalloc2 liblzf1 libssl3t64 libsystemd0 libgcc-s1 libstdc++6
  libcap2 zlib1g libzstd1
)

deps_servers() {
  [ ! -e .deps/servers/valkey8/redis-server ] || return 0
  fetch_newer servers "${server_packages[@]}"
  # One binary is server and check tool; it looks at the name that it was started by.
  newer_server redis8 redis-check-rdb
  newer_server valkey8 valkey-check-rdb
}

newer_server() {
  local folder=$PWD/.deps/servers/$1 root=$PWD/.deps/servers loader
  loader=$(find "$root/usr" -name 'ld-linux*.so.*' -type f | head -n 1)
  mkdir -p "$folder"
  ln -sf "../usr/bin/$2" "$folder/program-redis-server"
  cat > "$folder/redis-server" << EOF
#!/bin/sh
exec '$loader' --library-path '$(dirname "$loader")' '$folder/program-redis-server' "\$@"
EOF
  chmod 755 "$folder/redis-server"
}
