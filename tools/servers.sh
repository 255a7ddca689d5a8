# Servers that only tests start.
#
# Redis 8 and Valkey 8 beside the system's Redis: Debian 13's signed packages, unpacked
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
  fetch_newer trixie servers "${server_packages[@]}"
  # One binary is server and check tool; it looks at the name that it was started by.
  newer_server redis8 redis-check-rdb
  newer_server valkey8 valkey-check-rdb
}

newer_server() {
  local folder=.deps/servers/$1
  mkdir -p "$folder"
  ln -sf "../usr/bin/$2" "$folder/program-redis-server"
  starter "$folder/redis-server" .. "$1/program-redis-server"
}

# Writes a script that starts a program by the loader and with the libraries that were unpacked
# beside it. It finds them from its own place, so the project's folder may be moved, and needs no
# other program.
#   starter SCRIPT <way from its folder to the unpacked root> <program, from that root>
starter() {
  local loader
  loader=$(cd "$(dirname "$1")/$2" && find usr -name 'ld-linux*.so.*' -type f | head -n 1)
  cat > "$1" << EOF
#!/bin/sh
root=\${0%/*}/$2
libraries=\$root/$(dirname "$loader")
exec "\$root/$loader" --library-path "\$libraries:\$libraries/ceph" "\$root/$3" "\$@"
EOF
  chmod 755 "$1"
}

# Ceph's S3 server (radosgw) with its store in one SQLite file, for tests: it needs no cluster. Also
# Debian 13's packages, with the libraries that its two programs load.
storage_packages=(
  radosgw ceph-common librados2
  libblkid1 libboost-context1.83.0 libboost-filesystem1.83.0 libboost-iostreams1.83.0
  libboost-thread1.83.0 libbrotli1 libbz2-1.0 libc6 libcap2 libcom-err2 libcurl3t64-gnutls
  libexpat1 libffi8 libfmt10 libgcc-s1 libgmp10 libgnutls30t64 libgoogle-perftools4t64
  libgssapi-krb5-2 libhogweed6t64 libibverbs1 libicu76 libidn2-0 libk5crypto3 libkeyutils1
  libkrb5-3 libkrb5support0 libldap2 liblua5.3-0 liblzma5 libnettle8t64 libnghttp2-14
  libnghttp3-9 libngtcp2-16 libngtcp2-crypto-gnutls8 libnl-3-200 libnl-route-3-200 liboath0t64
  libp11-kit0 libpsl5t64 librabbitmq4 librdmacm1t64 librtmp1 libsasl2-2 libsqlite3-0
  libssh2-1t64 libssl3t64 libstdc++6 libtasn1-6 libudev1 libunistring5 libunwind8 libzstd1 zlib1g
)

deps_storage() {
  [ ! -e .deps/storage/radosgw-admin ] || return 0
  fetch_newer trixie storage "${storage_packages[@]}"
  starter .deps/storage/radosgw . usr/bin/radosgw
  starter .deps/storage/radosgw-admin . usr/bin/radosgw-admin
}
