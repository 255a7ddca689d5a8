# Boost 1.92: the system's if it is new enough or free to install, else the headers of the signed
# package of Debian 14 (forky), taken from the machine's own Debian mirror with a private apt state.
# Then nothing outside .deps/ changes. Sourced by ./dev after tools/packages.sh.
# shellcheck shell=bash

boost_package=libboost1.92-dev
boost_wanted=109200

boost_version() {
  sed -n 's/^#define BOOST_VERSION \([0-9]*\).*/\1/p' "$1/boost/version.hpp" 2> /dev/null || true
}

deps_boost() {
  local version
  version=$(boost_version .deps/boost/usr/include)
  [ "${version:-0}" -lt "$boost_wanted" ] || return 0
  version=$(boost_version /usr/include)
  [ "${version:-0}" -lt "$boost_wanted" ] || return 0
  if [ -z "$version" ] && apt-cache show "$boost_package" > /dev/null 2>&1; then
    install_packages "$boost_package"
  else
    fetch_newer forky boost "$boost_package"
    # As packed they are older than what was built from the release before.
    find .deps/boost -type f -exec touch {} +
  fi
}

# fetch_newer <suite> <folder> <package…>: unpacks packages of that suite into .deps/<folder>.
fetch_newer() {
  local suite=$1 folder=$2 state=$PWD/.deps/apt deb
  shift 2
  private_apt_state "$state" "$suite"
  quietly "reading Debian's $suite lists into .deps/apt" private_apt update --quiet
  rm -rf ".deps/$folder.new"
  mkdir -p ".deps/$folder.new"
  quietly "fetching $* into .deps/$folder" private_apt_download "$@"
  for deb in "$state"/download/*.deb; do
    dpkg-deb --extract "$deb" ".deps/$folder.new"
  done
  rm -rf ".deps/$folder" "$state"
  mv ".deps/$folder.new" ".deps/$folder"
}

# The machine's settings (proxies and the like) stay, its hooks do not: they touch the system.
private_apt_state() {
  local state=$1
  mkdir -p "$state"/{conf,lists/partial,cache/archives/partial,download}
  ln -sf /etc/apt/apt.conf.d/* "$state/conf/" 2> /dev/null || true
  cat > "$state/conf/zz-private" << EOF
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
EOF
  cat > "$state/apt.conf" << EOF
Dir::Etc::parts "$state/conf";
EOF
  debian_source "$2" > "$state/private.sources"
}

private_apt() {
  local state=$PWD/.deps/apt
  APT_CONFIG=$state/apt.conf apt-get \
    -o Dir::State="$state" -o Dir::State::status=/var/lib/dpkg/status \
    -o Dir::Cache="$state/cache" \
    -o Dir::Etc::sourcelist="$state/private.sources" -o Dir::Etc::sourceparts=/dev/null \
    -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none \
    -o APT::Get::AllowUnauthenticated=false "$@"
}

private_apt_download() (
  private_apt_folder=$PWD
  cd .deps/apt/download || exit
  PWD=$private_apt_folder private_apt download --quiet "$@"
)

# debian_source <suite>: the machine's own Debian entry, in either notation, rewritten for it.
debian_source() {
  local uri entry signed_by
  read -r uri entry < <(debian_entry) || true
  if [ -z "${uri:-}" ]; then
    quietly "reading package lists" as_root apt-get update --quiet
    read -r uri entry < <(debian_entry) || true
  fi
  [ -n "${uri:-}" ] || fail "no package source of this machine is Debian's own; needed for Boost"
  signed_by=$(signed_by "${entry%:*}" "${entry##*:}")
  cat << EOF
Types: deb
URIs: $uri
Suites: $1
Components: main
Architectures: $(dpkg --print-architecture)
${signed_by:-Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg}
EOF
}

debian_entry() {
  apt-get indextargets \
    --format '$(ORIGIN)/$(LABEL)/$(COMPONENT) $(REPO_URI) $(SOURCESENTRY)' 'Created-By: Packages' |
    sed -n 's,^Debian/Debian/main ,,p' | head -n 1
}

# signed_by <file> <number>: of its number-th stanza (.sources) or line (.list).
signed_by() {
  case $1 in
    *.sources)
      grep -v '^#' "$1" | awk -v RS= -v n="$2" 'NR == n' |
        awk '/^[^ ]/ {wanted = tolower($1) == "signed-by:"} wanted'
      ;;
    *) sed -n "$2"'s/^[^#]*\[.*signed-by=\([^] ]*\).*/Signed-By: \1/p' "$1" ;;
  esac
}
