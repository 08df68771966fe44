#!/usr/bin/env bash
# Installs the build folder $1 and runs what was installed from /, where no source tree helps.
set -eu
build="$1"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }

cmake --install "$build" --prefix "$folder/usr" >"$folder/log" || fail "$(cat "$folder/log")"
cd /
bin="$folder/usr/bin"
assets="$folder/usr/share/fleetwall/assets"
[ "$("$bin/fleetwall" --version | grep -c .)" -ge 1 ] || fail "fleetwall --version"
[ "$("$bin/fleetwalld" --version | grep -c .)" -ge 1 ] || fail "fleetwalld --version"

"$bin/fleetwall" --headless --frames 2 --size 320x200 --demo-machines 50 \
  --screenshot "$folder/wall.png" 2>"$folder/err" || fail "no picture: $(cat "$folder/err")"
[ -s "$folder/wall.png" ] || fail "no picture was written"
"$bin/fleetwalld" simulate --machines 20 --seed 1 --days 1 --data "$folder/data" >"$folder/log" 2>&1 ||
  fail "simulate: $(cat "$folder/log")"
"$bin/fleetwalld" verify --data "$folder/data" >"$folder/log" 2>&1 || fail "verify: $(cat "$folder/log")"

# It is the installed files that are read: damage shows, and is named.
echo damaged >"$assets/atlas.fwm"
if "$bin/fleetwall" --headless --frames 1 --demo-machines 1 >"$folder/log" 2>&1; then
  fail "a damaged atlas went unnoticed: other assets were read"
fi
grep -q "$assets/atlas.fwm" "$folder/log" || fail "the damaged file is not named: $(cat "$folder/log")"
echo "installed programs run from anywhere"
