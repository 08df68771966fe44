#!/usr/bin/env bash
# Runs every fuzz target: tests/fuzz/run.sh SECONDS | long [TARGET...]
#   SECONDS: of wall clock, all targets together.
#   long: until each target has done the runs named below (some 40 minutes on two cores).
# Two targets run at a time. Prints what each did; any finding makes it fail, and its input stays in
# build/asan/fuzz/findings (tests/fuzz/README.md tells what to do with it).
set -u
cd "$(dirname "$0")/../.."
build="${FLEETWALL_FUZZ_BUILD:-build/asan}"
work="$build/fuzz"
[ $# -ge 1 ] || { sed -n 2,6p "$0" >&2; exit 2; }
mode="$1"
shift

# target, share of the short run's time, runs of the long one, longest input
targets="
frame       2 4000000 4096
frame_body  2 7000000 2048
messages    1 5000000 1024
ndjson      2 1500000 1024
http        2  200000 1024
csv         1  200000 1024
geojson     1  300000 1024
borders     1  300000 1024
config      1 1000000  512
store       2   30000 1024
salvage     1 1000000 8192
parity      1 1000000 8192
pack        2 2000000 2048
texts       1 5000000  256
tiles       2 2000000 2048
"
if [ $# -gt 0 ]; then
  targets="$(for name in "$@"; do grep "^$name " <<<"$targets" || { echo "no target $name" >&2; }; done)"
fi

if [ ! -x "$build/bin/fuzz_seeds" ]; then
  cmake --preset asan >/dev/null && cmake --build --preset asan >/dev/null || exit 1
fi
mkdir -p "$work/findings" "$work/logs"
"$build/bin/fuzz_seeds" "$work/seeds" || exit 1

shares="$(awk '{s += $2} END {print s}' <<<"$targets")"
export ASAN_OPTIONS="allocator_may_return_null=1:detect_leaks=1:quarantine_size_mb=16"

run_one() {  # name share runs longest
  local name="$1" limit dictionary=()
  if [ "$mode" = long ]; then
    limit=(-runs="$3")
  else
    # Two at a time share the wall clock; a second is for starting and reading the seeds.
    limit=(-max_total_time="$(awk -v s="$mode" -v w="$2" -v all="$shares" \
      'BEGIN {t = int(2 * s * w / all - 1); if (t >= s) t = s - 1; print (t < 1 ? 1 : t)}')")
  fi
  [ -f "tests/fuzz/dictionaries/$name.dict" ] &&
    dictionary=(-dict="tests/fuzz/dictionaries/$name.dict")
  mkdir -p "$work/corpus/$name"
  "$build/bin/fuzz_$name" "${limit[@]}" "${dictionary[@]}" -max_len="$4" -timeout=10 \
    -rss_limit_mb=2048 -print_final_stats=1 -verbosity=1 \
    -artifact_prefix="$work/findings/$name-" \
    "$work/corpus/$name" "$work/seeds/$name" >"$work/logs/$name.log" 2>&1
}

failed=0
report() {  # name status
  local log="$work/logs/$1.log" found
  printf '%-11s %9s runs, %7s a second, %4s MiB\n' "$1" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
    "$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")" \
    "$(sed -n 's/^stat::peak_rss_mb: *//p' "$log")"
  [ "$2" -eq 0 ] && return
  failed=1
  echo "  FINDING in $1 (whole log: $log):"
  grep -E 'does not hold|ERROR|SUMMARY|runtime error|Assertion' "$log" | head -5 | sed 's/^/    /'
  found="$(sed -n 's/.*Test unit written to //p' "$log" | tail -1)"
  echo "    input: ${found:-none}; again with: $build/bin/fuzz_$1 ${found:-}"
}

declare -A running=()
started=$SECONDS
reap() {
  local pid status
  wait -n -p pid
  status=$?
  report "${running[$pid]}" "$status"
  unset "running[$pid]"
}
while read -r name share runs longest; do
  [ -n "$name" ] || continue
  [ "${#running[@]}" -lt 2 ] || reap
  run_one "$name" "$share" "$runs" "$longest" &
  running[$!]="$name"
done <<<"$targets"
while [ "${#running[@]}" -gt 0 ]; do reap; done
echo "fuzzed for $((SECONDS - started)) s"
exit $failed
