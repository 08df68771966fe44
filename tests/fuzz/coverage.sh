#!/usr/bin/env bash
# Line cover of every parser by the fuzz targets' seeds and by what fuzzing has found so far
# (build/asan/fuzz/corpus): tests/fuzz/coverage.sh [--missed]
#   --missed: prints the lines that nothing ran, too.
# Builds into build/coverage. Fails if a parser is below 90 %.
set -eu
cd "$(dirname "$0")/../.."
build=build/coverage
corpus=build/asan/fuzz/corpus
bar=90
parsers="net/codec/frame_codec.cpp net/codec/messages.cpp net/codec/wire.cpp net/codec/wire.hpp
net/codec/body_parts.cpp net/codec/tick_body.cpp net/codec/state_body.cpp
net/codec/roster_body.cpp net/codec/activity_parts.cpp net/codec/utf8.cpp
net/ingest/ndjson.cpp net/ingest/ndjson_line.cpp net/ingest/ndjson_values.hpp
net/ingest/ndjson_faults.cpp net/ingest/ndjson_roster.cpp net/ingest/ingest_answer.cpp
net/ingest/faults_json.cpp net/ingest/csv.cpp net/ingest/geojson.cpp
net/ingest/columns.cpp net/ingest/intake.cpp
net/gateway/config.cpp net/gateway/origin.cpp net/gateway/beast_http.hpp
net/gateway/unfinished_tick.cpp net/feed/ws_url.cpp net/zone.cpp
net/store/day_reader.cpp net/store/frame_rows.cpp net/store/verify.cpp
net/tiles/pmtiles_format.cpp net/tiles/pmtiles.cpp net/tiles/set_words.cpp net/tiles/url_template.cpp
net/tiles/cache_rules.cpp net/tiles/inflate.cpp"
# Shown without the bar: half of it is the writer's side (locks, syncing, moving files), or guesses a
# format by a file's name.
others="net/store/day_file.cpp net/ingest/import_files.cpp"

cmake --preset coverage >/dev/null
targets="$(sed -n 's/^\([a-z_]*\) .*/fuzz_\1/p' <(sed -n '/^targets="/,/^"/p' tests/fuzz/run.sh))"
# shellcheck disable=SC2086
cmake --build --preset coverage --target fuzz_seeds $targets >"$build/build.log" ||
  { tail -n 40 "$build/build.log"; exit 1; }
rm -rf "$build/profiles"
mkdir -p "$build/profiles"
export LLVM_PROFILE_FILE="$PWD/$build/profiles/%p.profraw"
"$build/bin/fuzz_seeds" "$build/seeds"
objects=()
for target in $targets; do
  name="${target#fuzz_}"
  folders=("$build/seeds/$name")
  [ -d "$corpus/$name" ] && folders+=("$corpus/$name")
  echo "$name: $("$build/bin/$target" "${folders[@]}")"
  objects+=(${objects:+-object} "$build/bin/$target")
done
llvm-profdata-16 merge -sparse "$build"/profiles/*.profraw -o "$build/all.profdata"

low=0
printf '%-36s %6s %6s %7s\n' file lines missed cover
for file in $parsers $others; do
  line="$(llvm-cov-16 export -summary-only "${objects[@]}" \
    -instr-profile="$build/all.profdata" -sources "$PWD/$file" 2>/dev/null | python3 -c '
import json, sys
lines = json.load(sys.stdin)["data"][0]["totals"]["lines"]
print(lines["count"], lines["count"] - lines["covered"], "%.1f" % lines["percent"])')"
  # shellcheck disable=SC2086
  printf '%-36s %6s %6s %6s%%\n' "$file" $line
  if [[ " $others " != *" $file "* ]] && awk -v bar="$bar" '{exit !($3 < bar)}' <<<"$line"; then
    low=1
    echo "  below $bar %"
  fi
  if [ "${1:-}" = --missed ]; then
    llvm-cov-16 show "${objects[@]}" -instr-profile="$build/all.profdata" -sources "$PWD/$file" 2>/dev/null |
      grep -E '^ +[0-9]+\| +0\|' | grep -vE '\| +0\| *[}]?$' | sort -u -t'|' -k1,1n || true
  fi
done
exit $low
