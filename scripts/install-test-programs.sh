#!/usr/bin/env bash
# Installs the programs of Debian that tests need: a browser and a telnet client to talk to, and Python for a peer that
# takes little, because Node cannot make a receive buffer small.
# Without them those tests are skipped, except in CI, where a missing program is a failure.
set -euo pipefail

missing=()
command -v chromium > /dev/null || missing+=(chromium)
command -v telnet > /dev/null || missing+=(telnet)
command -v python3 > /dev/null || missing+=(python3)
if [ "${#missing[@]}" -eq 0 ]; then
  exit 0
fi

if ! command -v apt-get > /dev/null; then
  echo "Please install with your system's package manager: ${missing[*]}" >&2
  exit 1
fi
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)

echo "Installing for the tests: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
