#!/usr/bin/env bash
# Installs the Debian packages that are missing, when it may. Usage: setup.sh build|test
# Sourced by ./run and ./test; sets nothing, returns non-zero with a sentence when something is missing.
set -u
fleetwall_setup() {
  local kinds="$1" here missing=() name
  here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
  while read -r kind name; do
    case " $kinds " in *" $kind "*) ;; *) continue ;; esac
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done < <(grep -v '^#' "$here/packages.txt")
  [ "${#missing[@]}" -eq 0 ] && return 0

  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
      root=(sudo)
    else
      echo "Missing Debian packages, and no right to install them. Please run:" >&2
      echo "  sudo apt-get install --no-install-recommends ${missing[*]}" >&2
      return 1
    fi
  fi
  echo "installing: ${missing[*]}" >&2
  local log
  log="$(mktemp)"
  if ! { "${root[@]}" apt-get update -qq &&
         DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq \
           --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    echo "Installing the packages above failed." >&2
    return 1
  fi
  rm -f "$log"
}

# Build jobs: one a core, but 2.5 GB of memory each (the WebSocket server's files are large).
fleetwall_jobs() {
  local cores mem_gb jobs
  cores="$(nproc)"
  mem_gb="$(awk '/MemAvailable/ {print int($2 / 1048576)}' /proc/meminfo)"
  jobs=$((mem_gb * 2 / 5))
  [ "$jobs" -lt 1 ] && jobs=1
  [ "$jobs" -gt "$cores" ] && jobs="$cores"
  echo "$jobs"
}
