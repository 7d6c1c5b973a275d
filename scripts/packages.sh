# Sourced by ./dev: which Debian 12 packages a verb needs, and how they come.

# libboost1.81-dev and the libboost1.74-dev of other packages (libphonenumber-dev) exclude each other.
build_packages=(
  g++ cmake ninja-build ccache pkg-config
  libboost1.81-dev libcli11-dev libcurl4-openssl-dev libexpected-dev libfmt-dev libjemalloc-dev libpng-dev libpq-dev libqrencode-dev
  libsimdjson-dev libsodium-dev libspdlog-dev libsqlite3-dev libssl-dev libtomlplusplus-dev prometheus-cpp-dev zlib1g-dev
  ca-certificates
)
tidy_packages=(python3 git)
test_packages=(
  "${tidy_packages[@]}"
  libgtest-dev librapidcheck-dev nodejs npm chromium sqlite3 openssl curl postgresql-15
)
crash_packages=(mount e2fsprogs)
# libFuzzer and the sanitizers of clang; llvm has the symbolizer that names a report's lines.
fuzz_packages=(clang-14 libclang-rt-14-dev llvm-14)
bench_packages=(python3 nginx-light wrk curl postgresql-15)

# A node of 18 or later that did not come from Debian counts, and brings its own npm.
have_own_node() {
  command -v npm >/dev/null && command -v node >/dev/null &&
    [[ $(node --version) =~ ^v([0-9]+) ]] && ((BASH_REMATCH[1] >= 18))
}

missing_packages() {
  local installed package
  installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  for package in "$@"; do
    [[ $'\n'$installed$'\n' != *$'\n'"$package installed"$'\n'* ]] || continue
    [[ $package != nodejs && $package != npm ]] || ! have_own_node || continue
    echo "$package"
  done
}

install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    echo "dev: this is not Debian; going on as if these were there: $*" >&2
    return 0
  fi
  local missing
  mapfile -t missing < <(missing_packages "$@" | sort -u)
  ((${#missing[@]})) || return 0
  echo "dev: installing ${missing[*]}" >&2
  local as_root=(env DEBIAN_FRONTEND=noninteractive)
  if ((EUID != 0)); then
    command -v sudo >/dev/null || die "needs root or sudo to install ${missing[*]}"
    as_root=(sudo "${as_root[@]}")
  fi
  "${as_root[@]}" apt-get update -q </dev/null >&2
  "${as_root[@]}" apt-get install -q -y -o Dpkg::Use-Pty=0 --no-install-recommends "${missing[@]}" </dev/null >&2
}
