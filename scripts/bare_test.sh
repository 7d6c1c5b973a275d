#!/usr/bin/env bash
# Proves that `./dev test` and `./dev run` work on a Debian 12 with nothing but bash and git.
#
# Makes a minimal Debian 12 in build/bare, clones HEAD into it, runs both there, and removes it again. Needs root, for
# the chroot. The way to the packages is this machine's own: its Debian mirror, apt and npm settings, proxies and
# certificates, so that it also works behind a proxy. BARE_KEEP=yes keeps the folder.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
bare=$root/build/bare
base=$root/build/bare-bookworm.tar
inner=/srv/disburse
port=${BARE_PORT:-18080}
seconds_to_build=3600
server=

die() {
  echo "bare-test: $*" >&2
  exit 1
}

say() { echo "bare-test: $*"; }

((EUID == 0)) || die "needs root"
git rev-parse -q --verify HEAD >/dev/null || die "there is no commit to clone"
[[ -z $(git status --porcelain) ]] || say "note: HEAD is tested, without the changes that are not committed"

source scripts/packages.sh
install_packages debootstrap git

mounted_below() { awk -v at="$1/" 'index($2 "/", at) == 1 { print $2 }' /proc/self/mounts; }

clean_up() {
  [[ -z $server ]] || kill -KILL "$server" 2>/dev/null || true
  local point
  for point in $(mounted_below "$bare" | sort -r); do umount -l "$point" || true; done
  [[ -z $(mounted_below "$bare") ]] || die "something is still mounted below $bare; not removed"
  [[ ${BARE_KEEP-} == yes ]] || rm -rf --one-file-system "$bare"
}

# This machine's Debian sources of bookworm, one `deb` line each, whatever the format of the file.
debian_sources() {
  local file
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [[ ! -f $file ]] || sed -nE 's/^deb +(\[[^]]*\] +)?(\S+) +(bookworm\S*) +(.*)/deb \2 \3 \4/p' "$file"
  done
  for file in /etc/apt/sources.list.d/*.sources; do
    [[ ! -f $file ]] || awk -v RS= '{
      uris = suites = components = ""; off = 0
      n = split($0, lines, "\n")
      for (i = 1; i <= n; i++) {
        key = tolower(lines[i]); sub(/:.*/, "", key); value = lines[i]; sub(/^[^:]*: */, "", value)
        if (key == "uris") uris = value
        if (key == "suites") suites = value
        if (key == "components") components = value
        if (key == "enabled" && value == "no") off = 1
      }
      nu = split(uris, u, " "); ns = split(suites, s, " ")
      if (!off) for (a = 1; a <= nu; a++) for (b = 1; b <= ns; b++)
        if (s[b] ~ /^bookworm(-updates|-security)?$/ && components ~ /main/) print "deb " u[a] " " s[b] " main"
    }' "$file"
  done
}

# Settings by which this machine reaches packages, without its own repositories.
copy_network_settings() {
  local sources
  sources=$(debian_sources | grep -E ' bookworm(-updates|-security)? ' || true)
  [[ -z $sources ]] || printf '%s\n' "$sources" >"$bare/etc/apt/sources.list"
  cp -L /etc/resolv.conf /etc/hosts "$bare/etc/" 2>/dev/null || true

  local file
  for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
    [[ -f $file ]] && grep -qiE 'acquire|proxy|cainfo' "$file" || continue
    grep -iE 'acquire|proxy|cainfo' "$file" >"$bare/etc/apt/apt.conf.d/00-bare-${file##*/}"
  done

  mkdir -p "$bare/usr/local/share/ca-certificates" "$bare/etc/ssl/certs"
  cp -rL /usr/local/share/ca-certificates/. "$bare/usr/local/share/ca-certificates/" 2>/dev/null || true
  # Until ca-certificates is installed there, for a mirror that is https.
  cp -L /etc/ssl/certs/ca-certificates.crt "$bare/etc/ssl/certs/" 2>/dev/null || true

  mkdir -p "$bare$inner-home"
  : >"$bare$inner-home/.npmrc"
  if command -v npm >/dev/null; then
    local key value
    for key in registry proxy https-proxy cafile strict-ssl; do
      value=$(npm config get "$key" 2>/dev/null || true)
      [[ -n $value && $value != null && $value != undefined ]] || continue
      if [[ $key == cafile ]]; then
        cp -L "$value" "$bare$inner-home/npm-ca.pem"
        value=$inner-home/npm-ca.pem
      fi
      echo "$key=$value" >>"$bare$inner-home/.npmrc"
    done
  fi
}

make_bare() {
  local mirror
  mirror=$(debian_sources | awk '$3 == "bookworm" { print $2; exit }')
  if [[ ! -f $base ]]; then
    say "debootstrap from ${mirror:-the default mirror}"
    rm -rf --one-file-system "$bare"
    debootstrap --variant=minbase bookworm "$bare" ${mirror:+"$mirror"} >"$root/build/bare.log" ||
      die "debootstrap failed: see build/bare.log"
    tar -C "$bare" -cf "$base.new" . && mv "$base.new" "$base"
  else
    rm -rf --one-file-system "$bare"
    mkdir -p "$bare"
    tar -C "$bare" -xf "$base"
  fi
}

# Runs a command in the bare Debian, with nothing of our environment but the proxies.
inside() {
  local settings=() name
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    [[ -z ${!name-} ]] || settings+=("$name=${!name}")
  done
  exec chroot "$bare" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    HOME="$inner-home" LANG=C.UTF-8 NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt "${settings[@]}" "$@"
}

get() {
  exec 3<>"/dev/tcp/127.0.0.1/$port"
  # Through cat, so that it goes out in one piece.
  printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$1" "$port" | cat >&3
  cat <&3
  exec 3>&-
}

mkdir -p build
[[ -z $(mounted_below "$bare") ]] || die "something is mounted below $bare: is another one running?"
trap clean_up EXIT
trap 'exit 130' INT TERM
make_bare
copy_network_settings
mkdir -p "$bare/proc" "$bare/dev"
mount -t proc proc "$bare/proc"
mount --rbind /dev "$bare/dev"
mount --make-rslave "$bare/dev"

say "git, and the clone of $(git rev-parse --short HEAD)"
git bundle create -q "$bare/srv/disburse.bundle" HEAD
(inside apt-get update -q) >"$root/build/bare.log" 2>&1 || die "apt-get update failed: see build/bare.log"
(inside apt-get install -q -y --no-install-recommends bash git) >>"$root/build/bare.log" 2>&1 ||
  die "git could not be installed: see build/bare.log"
(inside git clone -q /srv/disburse.bundle "$inner")

# run comes first: it has to do with fewer packages than test installs.
say "./dev run --port $port"
began=$SECONDS
(inside bash -c "cd $inner && exec ./dev run --port $port") >"$root/build/bare-run.log" 2>&1 &
server=$!
until grep -q '^disburse ready on ' "$root/build/bare-run.log"; do
  kill -0 "$server" 2>/dev/null || { tail -50 "$root/build/bare-run.log" >&2 && server= && die "./dev run ended"; }
  ((SECONDS - began < seconds_to_build)) || die "./dev run was not ready in time: see build/bare-run.log"
  sleep 1
done
say "ready after $((SECONDS - began)) seconds"
answer=$(get /health/ready)
[[ $answer == 'HTTP/1.1 200'* ]] || die "GET /health/ready answered: $answer"
kill -TERM "$server"
status=0
wait "$server" || status=$?
server=
((status == 0)) || die "after SIGTERM it ended with $status"

say "./dev test"
began=$SECONDS
(inside bash -c "cd $inner && exec ./dev test") 2>&1 | tee "$root/build/bare-test.log" || die "./dev test failed"
say "./dev test passed in $((SECONDS - began)) seconds"

say "both work"
